/** V1 signatures made here, for requests that no SDK in the tests would send. */
import { createHmac } from 'node:crypto';
import type { SignedRequest } from '../../src/server/auth/credentials.ts';

/**
 * Headers of a request signed with the test key.
 * @param resource `/bucket/key?sub-resources`, decoded
 */
export function signedV1(method: string, resource: string, type = ''): Readonly<Record<string, string>> {
  const date = new Date().toUTCString();
  const text = `${method}\n\n${type}\n${date}\n${resource}`;
  const signature = createHmac('sha1', 'ossite-secret').update(text).digest('base64');
  return { date, authorization: `OSS ossite:${signature}`, ...(type === '' ? {} : { 'content-type': type }) };
}

/** A request as the checks see it, of which headers have names in lower case. */
export function signable(
  method: string,
  bucket: string,
  key: string,
  pairs: [string, string][],
  headers: Record<string, string>,
): SignedRequest {
  return {
    method,
    bucket,
    key,
    pairs,
    header: (name) => headers[name],
    headersStarting: (prefix) =>
      Object.fromEntries(
        Object.entries(headers)
          .filter(([name]) => name.startsWith(prefix))
          .map(([name, value]) => [name.slice(prefix.length), value]),
      ),
  };
}
