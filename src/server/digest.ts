import { createHash } from 'node:crypto';
import { fail } from '../store/errors.ts';
import { base64Bytes } from '../store/names.ts';
import type { OssRequest } from './request.ts';

/** Compares a Content-MD5 header, when there is one, with the body that came. @throws InvalidDigest */
export function checkContentMd5(req: Pick<OssRequest, 'header'>, body: Buffer): void {
  const digest = contentMd5Of(req);
  digest?.update(body);
  digest?.check();
}

/** The same for a body that is not in one piece. @returns `undefined` where there is no such header */
export function contentMd5Of(req: Pick<OssRequest, 'header'>) {
  const md5 = req.header('content-md5');
  if (md5 === undefined) return undefined;
  const hash = createHash('md5');
  return {
    update(chunk: Buffer): void {
      hash.update(chunk);
    },
    /** Once the last byte has come. @throws InvalidDigest */
    check: () => compareMd5(md5, hash.digest()),
  };
}

/** Compares what a Content-MD5 header says with what the body is. @throws InvalidDigest */
export function compareMd5(header: string, md5: Buffer): void {
  if (base64Bytes(header)?.equals(md5) !== true) fail('InvalidDigest', { elements: { 'Content-MD5': header } });
}
