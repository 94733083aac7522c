/** V1 signatures made here, for requests that no SDK in the tests would send. */
import { createHmac } from 'node:crypto';

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
