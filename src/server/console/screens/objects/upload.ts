/** Files on their way into a bucket. */
import { signal } from '@preact/signals';
import { namespace, Refused } from '../../api/control.ts';
import { parseXml, textIn, urlOf } from '../../api/oss.ts';
import { w } from './words.ts';

/** A file with the name it is to have below the prefix. */
export interface Given {
  readonly path: string;
  readonly file: File;
}

export interface Upload {
  readonly id: number;
  readonly bucket: string;
  readonly ns: string;
  readonly key: string;
  readonly file: File;
  readonly state: 'waiting' | 'sending' | 'done' | 'failed';
  /** Bytes. */
  readonly sent: number;
  readonly error?: string;
}

export const uploads = signal<readonly Upload[]>([]);

const AT_ONCE = 3;
const running = new Map<number, XMLHttpRequest>();
let last = 0;

const change = (id: number, by: Partial<Upload>): void => {
  uploads.value = uploads.value.map((one) => (one.id === id ? { ...one, ...by } : one));
};

/** Files of an `<input>`; those of a folder keep their way through it. */
export const fromInput = (files: FileList | null): readonly Given[] =>
  [...(files ?? [])].map((file) => ({ file, path: file.webkitRelativePath || file.name }));

/** Sends files, a few at a time. */
export function upload(bucket: string, prefix: string, files: readonly Given[]): void {
  const fresh = files.map(({ path, file }): Upload => {
    last += 1;
    return { id: last, bucket, ns: namespace(), key: prefix + path, file, state: 'waiting', sent: 0 };
  });
  uploads.value = [...uploads.value, ...fresh];
  next();
}

export function retry(id: number): void {
  uploads.value = uploads.value.map(({ error, ...one }) =>
    one.id === id ? { ...one, state: 'waiting', sent: 0 } : error === undefined ? one : { ...one, error },
  );
  next();
}

/** Takes a file off the list; what is being sent is broken off. */
export function drop(id: number): void {
  running.get(id)?.abort();
  running.delete(id);
  uploads.value = uploads.value.filter((one) => one.id !== id);
  next();
}

/** Takes off the list what has ended. */
export function clear(): void {
  uploads.value = uploads.value.filter(({ state }) => state === 'waiting' || state === 'sending');
}

function next(): void {
  const free = AT_ONCE - uploads.value.filter(({ state }) => state === 'sending').length;
  for (const one of uploads.value.filter(({ state }) => state === 'waiting').slice(0, Math.max(0, free))) {
    change(one.id, { state: 'sending' });
    send(one)
      .then(
        () => change(one.id, { state: 'done', sent: one.file.size }),
        (error: Error) => change(one.id, { state: 'failed', error: error.message }),
      )
      .finally(next);
  }
}

/** By XMLHttpRequest, which alone tells how far a body has come. */
async function send({ id, bucket, key, file }: Upload): Promise<void> {
  const type = file.type || 'application/octet-stream';
  const url = await urlOf({ method: 'PUT', bucket, key, headers: { 'Content-Type': type } });
  if (!uploads.value.some((one) => one.id === id)) return;
  const request = new XMLHttpRequest();
  running.set(id, request);
  await new Promise<void>((resolve, reject) => {
    request.open('PUT', url);
    request.setRequestHeader('Content-Type', type);
    request.upload.onprogress = ({ loaded }) => change(id, { sent: loaded });
    request.onload = () => (request.status < 300 ? resolve() : reject(refusal(request)));
    request.onerror = () => reject(new Refused(0, 'Unreachable', w().cut));
    request.onabort = () => resolve();
    request.send(file);
  }).finally(() => running.delete(id));
}

function refusal({ status, responseText }: XMLHttpRequest): Refused {
  const root = parseXml(responseText);
  const code = textIn(root, 'Code') || String(status);
  return new Refused(status, code, `${code}: ${textIn(root, 'Message')}`);
}
