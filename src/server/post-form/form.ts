/** Reads a browser's form: the fields before the file into memory, the file as a stream (rest-core.md §1.4). */
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { fail, OssError } from '../../store/errors.ts';
import { contentMd5Of } from '../digest.ts';
import { MAX_SIZE } from '../receive.ts';
import { complete, type OssRequest } from '../request.ts';
import { TOO_LARGE } from './sizes.ts';

export interface PostForm {
  /** Fields before the file, by name in lower case; of a repeated one the last. */
  readonly fields: ReadonlyMap<string, string>;
  /** As the browser names it; empty when it does not. */
  readonly filename: string;
  /** Content type of the file's own part. */
  readonly fileType: string;
  /**
   * The file's bytes. Ends when the whole form has been read, so that nothing is stored of one that is broken.
   * @throws MalformedPOSTRequest, IncompleteBody, IncorrectNumberOfFilesInPOSTRequest, InvalidDigest
   */
  readonly bytes: AsyncIterable<Buffer>;
  /** Stops reading: whatever has not come yet is of no interest any more. */
  close(): void;
}

/** Limits of a field (rest-core.md §6). */
const MAX_NAME_BYTES = 8 * 1024;
const MAX_VALUE_BYTES = 2 * 1024 * 1024;

/** What all fields before the file may take, as the page of 0006-00000112 has it. That they are so many at most is assumed. */
const MAX_FIELD_BYTES = 8 * 1024 * 1024;
const MAX_FIELDS = 1000;

/** Of a form without a file, and of one that breaks off: one page tells of both. */
const INCOMPLETE = { ec: '0006-00000104' };

/** Where fields that have a meaning end: what follows the file is read and dropped. */
const FILE = 'file';

/**
 * Reads as far as the file.
 * @throws RequestIsNotMultiPartContent, MalformedPOSTRequest, also when there is no file, IncompleteBody, FieldItemTooLong,
 *   MaxPOSTPreDataLengthExceededError, EntityTooLarge, InvalidDigest
 */
export async function readForm(req: Pick<OssRequest, 'body' | 'header'>): Promise<PostForm> {
  const type = req.header('content-type') ?? '';
  if (Number(req.header('content-length') ?? 0) > MAX_SIZE + MAX_FIELD_BYTES)
    fail('EntityTooLarge', { ec: TOO_LARGE, elements: { MaxSizeAllowed: String(MAX_SIZE) } });
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
  const tooMuch = () => refuse(new OssError('MaxPOSTPreDataLengthExceededError', { ec: '0006-00000112' }));
  parser.on('error', (cause) => refuse(new OssError('MalformedPOSTRequest', { ...INCOMPLETE, cause })));
  parser.on('filesLimit', () => refuse(new OssError('IncorrectNumberOfFilesInPOSTRequest')));
  parser.on('fieldsLimit', () => {
    if (file === undefined) tooMuch();
  });
  parser.on('field', (name: string | undefined, value, nameCut, valueCut) => {
    if (file !== undefined || name === undefined) return;
    size += Buffer.byteLength(name) + Buffer.byteLength(value);
    const elements = { FieldName: name.slice(0, 100) };
    if (nameCut || Buffer.byteLength(name) > MAX_NAME_BYTES)
      refuse(new OssError('FieldItemTooLong', { elements, ec: '0006-00000110' }));
    // The EC is assumed: it stands between those of too long a name and of too much in all.
    else if (valueCut) refuse(new OssError('FieldItemTooLong', { elements, ec: '0006-00000111' }));
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
  const noFile = read.then(() => fail('MalformedPOSTRequest', INCOMPLETE));
  const { stream, ...facts } = await Promise.race([found, noFile]);
  // What is wrong with a field may be known, and the file be there as well.
  stop.signal.throwIfAborted();
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
  // It is over before its last byte is written when something follows the end of a form.
  const finished = once(parser, 'finish', { signal: stop });
  finished.catch(() => {});
  const digest = contentMd5Of(req);
  try {
    for await (const chunk of complete(req)) {
      stop.throwIfAborted();
      digest?.update(chunk);
      if (!parser.write(chunk)) await Promise.race([once(parser, 'drain', { signal: stop }), finished]);
    }
    parser.end();
    await finished;
    digest?.check();
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
