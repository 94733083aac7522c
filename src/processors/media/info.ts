/** What `video/info` and `audio/info` have in common: everything but their names (media.md §16). */
import type { Operation } from '../operation.ts';
import { mediaMeta } from './meta.ts';
import type { Recording } from './recording.ts';

export const info = {
  name: 'info',
  modes: ['sync'],
  fidelity: {
    level: 'approximate',
    because: 'the words are those of the ffprobe of this machine; no addresses are looked up, subtitles are not quoted',
  },
  params: {},
  alone: true,
  run: async ({ input }) => {
    const bytes = Buffer.from(JSON.stringify(mediaMeta(input.probed)));
    return [{ bytes, ext: 'json', contentType: 'application/json;charset=utf-8' }];
  },
} as const satisfies Partial<Operation<Recording>>;
