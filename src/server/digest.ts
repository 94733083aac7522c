import { createHash } from 'node:crypto';
import { fail } from '../store/errors.ts';
import { base64Bytes } from '../store/names.ts';
import type { OssRequest } from './request.ts';

/** Compares a Content-MD5 header, when there is one, with the body that came. @throws InvalidDigest */
export function checkContentMd5(req: Pick<OssRequest, 'header'>, body: Buffer): void {
  const md5 = req.header('content-md5');
  if (md5 === undefined) return;
  if (base64Bytes(md5)?.equals(createHash('md5').update(body).digest()) !== true) fail('InvalidDigest');
}
