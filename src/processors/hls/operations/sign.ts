/** hls/sign (media.md §17.3): a playlist whose segments can be fetched by whoever has it. OSS does it without IMM. */
import { setImmediate } from 'node:timers/promises';
import { fail } from '../../../store/errors.ts';
import type { RunContext } from '../../operation.ts';
import { hlsOperation } from '../family.ts';
import { textOf } from '../playlist.ts';
import { MAX_SEGMENTS } from '../timeline.ts';
import { keyFor, uriIn } from '../uris.ts';

/** Signatures in a row. */
const PAUSE = 250;

export default hlsOperation({
  name: 'sign',
  summary: 'Gives a playlist with a signed URL in place of each segment.',
  docs: 'https://help.aliyun.com/zh/oss/user-guide/live-transcoding',
  modes: ['sync'],
  getOnly: true,
  imm: false,
  signed: true,
  alone: true,
  fidelity: { level: 'approximate', because: 'how long the URLs last, and those of nested playlists, are assumed' },
  params: {},
  // What it gives changes with the time and the key.
  examples: [],
  async run({ input, ctx }) {
    const text = (await textOf(input)) ?? '';
    const lines = text.split('\n');
    let count = 0;
    for (const [i, line] of lines.entries()) {
      const signed = signedLine(line, input.name, ctx);
      if (signed === undefined) continue;
      lines[i] = signed;
      count += 1;
      if (count > MAX_SEGMENTS) fail('InvalidArgument', { message: `At most ${MAX_SEGMENTS} URLs are signed.` });
      // Thousands of signatures take a while: others are served in between.
      if (count % PAUSE === 0) await setImmediate();
    }
    if (count === 0) {
      fail('InvalidArgument', { message: 'The playlist names no ts or m3u8 file.', ec: '0044-00000408' });
    }
    const bytes = Buffer.from(lines.join('\n'));
    return [{ bytes, ext: 'm3u8', contentType: 'application/vnd.apple.mpegurl' }];
  },
});

/** @returns `undefined` for lines that stay: comments, files of other kinds and of other places */
function signedLine(line: string, playlist: string, ctx: RunContext): string | undefined {
  const uri = uriIn(line);
  const key = uri === undefined ? undefined : keyFor(uri, playlist);
  if (key === undefined) return undefined;
  if (/\.ts$/i.test(key)) return ctx.sign(key, `if_status_eq_404{hls/ts,from_${encoded(playlist)}}`);
  return /\.m3u8$/i.test(key) ? ctx.sign(key, 'hls/sign') : undefined;
}

const encoded = (key: string) => Buffer.from(key).toString('base64url');
