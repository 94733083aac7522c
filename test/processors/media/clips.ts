/** Recipes of sources whose every part is known by its colour and its tone, for what joins and cuts. */
const lavfi = (graph: string) => ['-f', 'lavfi', '-i', graph];
const sine = (hz: number, rate: number, seconds: number) => lavfi(`sine=${hz}:r=${rate}:d=${seconds}`);
const color = (name: string, size: string, rate: number, seconds: number) =>
  lavfi(`color=${name}:s=${size}:r=${rate}:d=${seconds}`);
const h264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'];

/** Tones one after the other. */
const tones = (rate: number, parts: readonly (readonly [hz: number, seconds: number])[]) => [
  ...parts.flatMap(([hz, seconds]) => sine(hz, rate, seconds)),
  ...['-filter_complex', `concat=n=${parts.length}:v=0:a=1`],
];

/** Two colours one after the other, each with a tone. */
const twoParts = (
  size: string,
  rate: number,
  [first, second]: readonly (readonly [color: string, hz: number, seconds: number])[],
) => [
  ...[first, second].flatMap((part) => (part === undefined ? [] : color(part[0], size, rate, part[2]))),
  ...[first, second].flatMap((part) => (part === undefined ? [] : sine(part[1], 44100, part[2]))),
  ...['-filter_complex', '[0][2][1][3]concat=n=2:v=1:a=1', ...h264, '-c:a', 'aac', '-ac', '2'],
];

/** A white flash and a beep one second after the beginning, in a picture and a sound of their own lengths. */
const flash = (size: string, rate: string, pictureSeconds: number, sampleRate: number, soundSeconds: number) => [
  ...lavfi(
    `color=black:s=${size}:r=${rate}:d=${pictureSeconds},drawbox=c=white:t=fill:enable='between(t,0.999,1.199)'`,
  ),
  ...lavfi(`aevalsrc='0.5*sin(2000*PI*t)*between(t,1,1.2)':s=${sampleRate}:d=${soundSeconds}`),
  ...h264,
];

export const clipRecipes = {
  // media.md §21.1, VC1 and VC2 with a tenth of the seconds
  'example.mkv': twoParts('1280x720', 25, [
    ['yellow', 300, 1],
    ['green', 500, 2],
  ]),
  'pre.mov': [...color('red', '640x360', 30, 2), ...h264],
  'sur.mov': twoParts('1280x720', 25, [
    ['blue', 800, 1],
    ['white', 900, 2],
  ]),
  // media.md §21.1, AC1 to AC4 and AX1
  'ex90.mp3': [...sine(440, 44100, 90), '-ac', '2', '-b:a', '128k'],
  'pre1.mp3': sine(300, 44100, 3.03),
  'pre2.wav': tones(48000, [
    [400, 2],
    [450, 3],
  ]),
  'example.mp3': [...sine(500, 44100, 6.03), '-ac', '2'],
  'sur1.aac': tones(44100, [
    [600, 4],
    [700, 10],
    [650, 6],
  ]),
  'sur2.wma': tones(44100, [
    [800, 10],
    [900, 5],
  ]),
  // Sync: other rates and other lengths of picture and sound in each.
  'flash-30.mp4': [...flash('160x90', '30', 2, 44100, 2.9), '-c:a', 'aac'],
  'flash-ntsc.mkv': [...flash('128x96', '30000/1001', 2, 8000, 1.4), '-c:a', 'pcm_s16le'],
  'flash-50.ts': [...flash('96x128', '50', 1.5, 48000, 1.5), '-c:a', 'mp2'],
  'flash-12.avi': [...flash('160x90', '12', 2, 22050, 2.5), '-c:v', 'mpeg4', '-c:a', 'pcm_s16le'],
  // The forms clips come in.
  'red-clip.mp4': [...color('red', '160x120', 25, 1), ...sine(300, 48000, 1), ...h264, '-c:a', 'aac', '-ac', '2'],
  'green-hdr.mkv': [
    ...[...color('green', '128x128', 24, 1), ...sine(500, 44100, 1)],
    ...['-c:v', 'ffv1', '-pix_fmt', 'yuv444p10le', '-c:a', 'flac', '-ac', '6'],
  ],
  'blue-wide.mkv': [...color('blue', '80x120', 25, 1), '-vf', 'setsar=2', '-c:v', 'mpeg4'],
  'white-turned.mp4': ['-i', '{white.mp4}', '-c', 'copy', '-metadata:s:v', 'rotate=90'],
  'white.mp4': [...color('white', '160x80', 25, 1), ...sine(900, 8000, 1), ...h264, '-c:a', 'aac'],
  'white.h264': ['-i', '{white.mp4}', '-an', '-c', 'copy'],
  // Ten frames a second, then fifty.
  'vfr.mkv': [
    ...[...color('yellow', '160x120', 10, 1), ...color('blue', '160x120', 50, 1), ...sine(700, 44100, 2)],
    ...['-filter_complex', '[0]settb=1/1000[a];[1]settb=1/1000[b];[a][b]concat=n=2[v]', '-map', '[v]', '-map', '2'],
    ...['-vsync', 'vfr', ...h264, '-c:a', 'aac'],
  ],
  'short-sound.mp4': [...color('red', '160x120', 25, 4), ...sine(300, 44100, 1), ...h264, '-c:a', 'aac'],
  'covered.mp3': [
    ...[...sine(440, 44100, 2), ...color('red', '64x64', 1, 1), '-c:v', 'png', '-frames:v', '1'],
    ...['-disposition:v', 'attached_pic', '-metadata', 'title=Covered'],
  ],
  'vast.mkv': [...color('black', '8192x8192', 1, 1), '-c:v', 'mjpeg'],
  // A change of size in the middle, as broadcasts have.
  'size-1.ts': [...color('red', '160x120', 25, 1), ...h264],
  'size-2.ts': [...color('blue', '320x240', 25, 1), ...h264, '-output_ts_offset', '1'],
} as const satisfies Record<string, readonly string[]>;
