/** Acceptance vectors that make one file each (media.md §21.2), by their numbers. */
import { frames, type Holds, ms, type SourceName, seconds } from './vector-sources.ts';

/** What M1.mp4 holds. */
export const M1 = { video: 'h264 1280x720 25', audio: 'aac 44100 2' };
/** What most of them begin with. */
export const P16 = 'video/convert,f_mp4';

/** Number, source, process, target, the key that is written, what it holds. */
export const files: readonly (readonly [string, SourceName, string, target: string, key: string, Holds])[] = [
  ['C2', 'M1.mp4', 'video/convert,f_mkv', 'o', 'o.mkv', { ...M1, seconds: seconds(30), frames: frames(750) }],
  ['C3', 'M1.mp4', `${P16},s_640x360,vb_500000,fps_10`, 'o.mp4', 'o.mp4', { ...M1, seconds: seconds(30) }],
  ['C4', 'M1.mp4', `${P16},vcodec_h264,s_640x360,crf_28`, 'o.mp4', 'o.mp4', { ...M1, video: 'h264 640x360 25' }],
  ['C5', 'H1.mp4', `${P16},vcodec_h264,s_1280x`, 'o.mp4', 'o.mp4', { video: 'h264 1280x1080 50' }],
  ['C6', 'H1.mp4', `${P16},vcodec_h264,s_1280x,scaletype_fit`, 'o.mp4', 'o.mp4', { video: 'h264 1280x720 50' }],
  ['C7 stretch', 'M1.mp4', `${P16},vcodec_h264,s_640x640`, 'o.mp4', 'o.mp4', { video: 'h264 640x640 25' }],
  ['C7 crop', 'M1.mp4', `${P16},vcodec_h264,s_640x640,scaletype_crop`, 'o.mp4', 'o.mp4', { video: 'h264 640x640 25' }],
  ['C7 fill', 'M1.mp4', `${P16},vcodec_h264,s_640x640,scaletype_fill`, 'o.mp4', 'o.mp4', { video: 'h264 640x640 25' }],
  ['C7 fit', 'M1.mp4', `${P16},vcodec_h264,s_640x640,scaletype_fit`, 'o.mp4', 'o.mp4', { video: 'h264 640x360 25' }],
  ['C8', 'P1.mp4', `${P16},vcodec_h264,s_1280x720,arotate_1`, 'o.mp4', 'o.mp4', { video: 'h264 720x1280 30' }],
  [
    'C8 arotate_0',
    'P1.mp4',
    `${P16},vcodec_h264,s_1280x720,arotate_0`,
    'o.mp4',
    'o.mp4',
    { video: 'h264 1280x720 30' },
  ],
  [
    ...(['C9', 'P1.mp4', `${P16},vcodec_h264,s_640x,arotate_1,scaletype_fit`, 'o.mp4', 'o.mp4'] as const),
    { video: 'h264 360x640 30' },
  ],
  ['C10 sopt_1', 'L1.mp4', `${P16},vcodec_h264,s_640x480,sopt_1`, 'o.mp4', 'o.mp4', { video: 'h264 320x240 15' }],
  ['C10 sopt_0', 'L1.mp4', `${P16},vcodec_h264,s_640x480,sopt_0`, 'o.mp4', 'o.mp4', { video: 'h264 640x480 15' }],
  [
    ...(['C11', 'H1.mp4', `${P16},vcodec_h264,fps_25`, 'o.mp4', 'o.mp4'] as const),
    { video: 'h264 1920x1080 25', frames: frames(100), seconds: seconds(4) },
  ],
  ['C12', 'L1.mp4', `${P16},vcodec_h264,fps_30,fpsopt_1`, 'o.mp4', 'o.mp4', { video: 'h264 320x240 15' }],
  [
    ...(['C13', 'M1.mp4', `${P16},vcodec_h264,ss_${ms(5000)},t_${ms(10_000)},acodec_aac`, 'o.mp4', 'o.mp4'] as const),
    { ...M1, seconds: seconds(10), frames: frames(250) },
  ],
  [
    ...(['C14', 'M1.mp4', `${P16},acodec_mp3,ab_100000,vn_1,sn_1`, 'o.mp4', 'o.mp4'] as const),
    { audio: 'mp3 44100 2', seconds: seconds(30) },
  ],
  [
    ...(['C15', 'M1.mp4', 'video/convert,f_mp3,acodec_mp3,ab_192000', 'a', 'a.mp3'] as const),
    { format: 'mp3', audio: 'mp3 44100 2', seconds: seconds(30) },
  ],
  [
    ...(['C16', 'M1.mp4', 'video/convert,f_webm,vcodec_vp9,crf_35,acodec_opus,ar_48000', 'o', 'o.webm'] as const),
    { video: 'vp9 1280x720 25', audio: 'opus 48000 2' },
  ],
  [
    ...(['C18', 'P1.mp4', `${P16},vcodec_h265,pixfmt_yuv420p10le,crf_28`, 'o.mp4', 'o.mp4'] as const),
    { video: 'hevc 1080x1920 30', pixels: 'yuv420p10le' },
  ],
  [
    ...(['C19', 'M1.mp4', 'video/convert,f_flac,acodec_flac,adepth_24', 'o', 'o.flac'] as const),
    { format: 'flac', audio: 'flac 44100 2', bits: '24' },
  ],
  // sopt_1 keeps the smaller source: 1280x720 against 1920x720.
  ['C23', 'M1.mp4', 'style/::h264-mp4-1080p', 'x.{autoext}', 'x.mp4', M1],
  [
    ...([
      'C24',
      'M1.mp4',
      'video/convert,f_avi,vcodec_h265,s_1920x1080,vb_2000000,fps_30,acodec_aac,ab_100000,sn_1',
      'demo.mp4',
      'demo.mp4',
    ] as const),
    { format: 'avi', video: 'hevc 1920x1080 30', audio: 'aac 44100 2' },
  ],
  ...(
    [
      ['mp3', '', 'mp3', 'mp3 44100 2'],
      ['flac', '', 'flac', 'flac 44100 2'],
      ['oga', '', 'ogg', 'vorbis 44100 2'],
      ['ac3', '', 'ac3', 'ac3 44100 2'],
      ['opus', ',ar_48000', 'ogg', 'opus 48000 2'],
    ] as const
  ).map(
    ([f, more, format, audio]) =>
      [
        ...([`AC2 ${f}`, 'ex90.mp3', `audio/convert,f_${f}${more},t_${ms(10_000)}`, 'o', `o.${f}`] as const),
        { format, video: undefined, audio, seconds: seconds(10) },
      ] as const,
  ),
  ['E8', 'M1.mp4', 'video/convert,f_avi,f_mp4', 'o', 'o.mp4', M1],
];
