/** Where the bytes of a preview come from: a stored object, or what a process string made of it. */
import { oss, urlOf } from '../../api/oss.ts';
import { typeOf } from './kind.ts';

/** What is to be shown. */
export interface Subject {
  readonly bucket: string;
  readonly key: string;
  readonly versionId?: string;
  /** Its result is shown instead of the object. */
  readonly process?: string;
}

export interface Source {
  readonly bucket: string;
  readonly key: string;
  /** Whether the server may process it to show it: the current version of what is stored. */
  readonly canProcess: boolean;
  readonly type: string;
  readonly size: number;
  /** For elements that load by themselves. */
  readonly url: string;
  /** Its first bytes. */
  head(limit: number, signal: AbortSignal): Promise<Uint8Array>;
  /** To be called when nobody looks any more. */
  close(): void;
}

/** @throws Refused what OSS says */
export const open = (subject: Subject, signal: AbortSignal): Promise<Source> =>
  subject.process === undefined ? openStored(subject, signal) : openMade(subject, subject.process, signal);

async function openStored({ bucket, key, versionId }: Subject, signal: AbortSignal): Promise<Source> {
  const query: Record<string, string> = versionId === undefined ? {} : { versionId };
  const { headers } = await oss({ method: 'HEAD', bucket, key, query }, { signal });
  const size = Number(headers.get('content-length') ?? 0);
  // Browsers take what they have under the same address for fresh: another content gets another one.
  const call = { method: 'GET', bucket, key, query: { ...query, 'x-ossite-etag': headers.get('etag') ?? '' } } as const;
  const encoding = headers.get('content-encoding') ?? '';
  return {
    bucket,
    key,
    size,
    canProcess: versionId === undefined,
    type: typeOf(headers.get('content-type') ?? '', key),
    url: await urlOf(call),
    async head(limit, stop) {
      if (size === 0) return new Uint8Array();
      // A part of what is compressed can not be unpacked.
      const unsigned = encoding === '' ? { Range: `bytes=0-${limit - 1}` } : {};
      const answer = await oss(call, { signal: stop, unsigned });
      return firstOf(answer.body, limit);
    },
    close() {},
  };
}

async function openMade({ bucket, key }: Subject, process: string, signal: AbortSignal): Promise<Source> {
  const answer = await oss({ method: 'GET', bucket, key, query: { 'x-oss-process': process } }, { signal });
  const blob = await answer.blob();
  const url = URL.createObjectURL(blob);
  return {
    bucket,
    key,
    canProcess: false,
    type: typeOf(answer.headers.get('content-type') ?? '', ''),
    size: blob.size,
    url,
    head: async (limit) => new Uint8Array(await blob.slice(0, limit).arrayBuffer()),
    close: () => URL.revokeObjectURL(url),
  };
}

/** Reads no further than needed, whatever the server sends. */
async function firstOf(stream: ReadableStream<Uint8Array> | null, limit: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(limit);
  let filled = 0;
  const reader = stream?.getReader();
  while (reader !== undefined && filled < limit) {
    const { done, value } = await reader.read();
    if (done) break;
    const part = value.subarray(0, limit - filled);
    bytes.set(part, filled);
    filled += part.length;
  }
  reader?.cancel().catch(() => {});
  return bytes.subarray(0, filled);
}
