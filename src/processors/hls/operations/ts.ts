/** hls/ts (media.md §17.2): makes the segment of a playlist that the request names. */
import { fail } from '../../../store/errors.ts';
import { TaskFailure } from '../../failure.ts';
import { openRecording } from '../../media/recording.ts';
import { base64Name } from '../../params.ts';
import { hlsOperation } from '../family.ts';
import { readLiveParams } from '../live.ts';
import { readPlaylist, suffixOf, textOf, tokenOf } from '../playlist.ts';
import { makeSegment } from '../segment.ts';
import { timeline } from '../timeline.ts';

export default hlsOperation({
  name: 'ts',
  summary: 'Makes a segment of a playlist, stores it and gives it.',
  docs: 'https://help.aliyun.com/zh/oss/user-guide/live-transcoding',
  modes: ['sync'],
  getOnly: true,
  fidelity: { level: 'full' },
  params: { from: base64Name('Key of the playlist that hls/m3u8 made, in the bucket of the segment.') },
  // Needs a playlist that was made before.
  examples: [],
  madeFrom: ({ from }) => from,
  async run({ input, ctx }) {
    const text = await textOf(input);
    if (text === undefined) throw new TaskFailure('InvalidArgument', `${input.name} is too large for a playlist.`);
    const { segments, ...origin } = readPlaylist(text, input.name);
    const index = segments.indexOf(ctx.asked.key);
    if (index < 0) fail('NoSuchKey', { elements: { Key: ctx.asked.key } });
    const params = readLiveParams(origin.process);
    const source = await ctx.open(origin.source.key, origin.source.bucket);
    // A source that was replaced would give pictures of another video, in other places.
    if (!ctx.asked.key.endsWith(`${suffixOf(tokenOf(origin, source.etag ?? ''), index)}.ts`)) {
      throw new TaskFailure('InvalidArgument', 'The video is not the one the playlist was made of: make it again.');
    }
    const recording = await openRecording(source, ctx);
    const piece = timeline(params, recording.media)[index];
    if (piece === undefined) fail('NoSuchKey', { elements: { Key: ctx.asked.key } });
    return [await makeSegment(recording, params, piece, ctx)];
  },
});
