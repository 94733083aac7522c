/** Reads a browser's form: the fields before the file into memory, the file as a stream (rest-core.md §1.4). */
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { fail, OssError } from '../../store/errors.ts';
import { MAX_SIZE, tooLarge } from '../receive.ts';
import { complete, type OssRequest } from '../request.ts';

export interface PostForm {
  /** Fields before the file, by name in lower case; of a repeated one the last. */
  readonly fields: ReadonlyMap<string, string>;
  /** As the browser names it; empty when it does not. */
  readonly filename: string;
  /** Content type of the file's own part. */
  readonly fileType: string;
  /**
   * The file's bytes. Ends when the whole form has been read, so that nothing is stored of one that is broken.
   * @throws MalformedPOSTRequest, IncompleteBody, IncorrectNumberOfFilesInPOSTRequest
   */
  readonly bytes: AsyncIterable<Buffer>;
  /** Stops reading: whatever has not come yet is of no interest any more. */
  close(): void;
}

/** Limits of a field (rest-core.md §6). */
const MAX_NAME_BYTES = 8 * 1024;
const MAX_VALUE_BYTES = 2 * 1024 * 1024;

/** Of all fields before the file (assumed): what they may take of memory. */
const MAX_FIELDS = 1000;
const MAX_FIELD_BYTES = 4 * 1024 * 1024;

/** Where fields that have a meaning end: what follows the file is read and dropped. */
const FILE = 'file';

/**
 * Reads as far as the file.
 * @throws RequestIsNotMultiPartContent, MalformedPOSTRequest, IncompleteBody, FieldItemTooLong,
 *   MaxPOSTPreDataLengthExceededError, EntityTooLarge, IncorrectNumberOfFilesInPOSTRequest when there is no file
 */
export async function readForm(req: Pick<OssRequest, 'body' | 'header'>): Promise<PostForm> {
  const type = req.header('content-type') ?? '';
  if (Number(req.header('content-length') ?? 0) > MAX_SIZE + MAX_FIELD_BYTES) tooLarge();
  if (!/^multipart\/form-data\s*(;|$)/i.test(type)) fail('RequestIsNotMultiPartContent');
  const parser = await parserFor(type);
  const stop = new AbortController();
  const fields = new Map<string, string>();
  let size = 0;
  let file: Readable | undefined;
  const refuse = (error: unknown) => {
    stop.abort(error);
    file?.destroy(error as Error);
  };
  const tooMuch = () => refuse(new OssError('MaxPOSTPreDataLengthExceededError'));
  parser.on('error', (cause) => refuse(new OssError('MalformedPOSTRequest', { cause })));
  parser.on('filesLimit', () => refuse(new OssError('IncorrectNumberOfFilesInPOSTRequest')));
  parser.on('fieldsLimit', () => {
    if (file === undefined) tooMuch();
  });
  parser.on('field', (name: string | undefined, value, nameCut, valueCut) => {
    if (file !== undefined || name === undefined) return;
    size += Buffer.byteLength(name) + Buffer.byteLength(value);
    const elements = { FieldName: name.slice(0, 100) };
    if (nameCut || valueCut || Buffer.byteLength(name) > MAX_NAME_BYTES)
      refuse(new OssError('FieldItemTooLong', { elements }));
    else if (size > MAX_FIELD_BYTES) tooMuch();
    else fields.set(name.toLowerCase(), value);
  });
  const found = new Promise<{ readonly stream: Readable; readonly filename: string; readonly fileType: string }>(
    (resolve) => {
      parser.once('file', (_name, stream, filename: string | undefined, _encoding, fileType) => {
        file = stream;
        // Listened to before anybody reads: an error without a listener would end the process.
        stream.on('error', () => {});
        resolve({ stream, filename: filename ?? '', fileType });
      });
    },
  );
  const read = pump(req, parser, stop.signal).catch((error: unknown) => {
    refuse(error);
    throw error;
  });
  // Whoever waits for the file or reads it hears of a failure; if nobody does any more, it is no news.
  read.catch(() => {});
  const noFile = read.then(() => fail('IncorrectNumberOfFilesInPOSTRequest'));
  const { stream, ...facts } = await Promise.race([found, noFile]);
  return {
    ...facts,
    fields,
    bytes: bytesOf(stream, read),
    close: () => refuse(new Error('the rest of the form is not wanted')),
  };
}

async function parserFor(type: string) {
  // Loaded only here: few servers ever see a form.
  const { Busboy } = await import('@fastify/busboy');
  try {
    return new Busboy({
      headers: { 'content-type': type },
      preservePath: true,
      isPartAFile: (name) => name?.toLowerCase() === FILE,
      limits: { fieldSize: MAX_VALUE_BYTES, fields: MAX_FIELDS, files: 1, fieldNameSize: MAX_NAME_BYTES },
    });
  } catch (cause) {
    return fail('MalformedPOSTRequest', { cause });
  }
}

/** Feeds the body to the parser, no faster than the file is read. Resolves when the form has come to its end. */
async function pump(
  req: Pick<OssRequest, 'body' | 'header'>,
  parser: Awaited<ReturnType<typeof parserFor>>,
  stop: AbortSignal,
): Promise<void> {
  try {
    for await (const chunk of complete(req)) {
      stop.throwIfAborted();
      if (!parser.write(chunk)) await once(parser, 'drain', { signal: stop });
    }
    const finished = once(parser, 'finish', { signal: stop });
    parser.end();
    await finished;
  } catch (error) {
    // Whoever said stop knows why.
    stop.throwIfAborted();
    throw error;
  }
}

async function* bytesOf(file: Readable, read: Promise<void>): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of file as AsyncIterable<Buffer>) yield chunk;
  } catch {
    // It has only stopped because reading the form has failed, which says why.
  }
  await read;
}
