/** Forms as browsers send them, and the signatures of their policies. */
import { createHmac } from 'node:crypto';

export type Field = readonly [name: string, value: string];

export interface FileField {
  readonly name?: string;
  readonly filename?: string;
  readonly type?: string;
  readonly bytes?: Buffer | string;
}

export const BOUNDARY = '----WebKitFormBoundaryA1b2';

export const formType = { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` };

const part = (name: string, rest: string, value: Buffer | string): Buffer =>
  Buffer.concat([
    Buffer.from(`--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"${rest}\r\n\r\n`),
    Buffer.from(value),
    Buffer.from('\r\n'),
  ]);

export const fieldPart = ([name, value]: Field): Buffer => part(name, '', value);

export function filePart({ name = 'file', filename = 'a.txt', type = 'text/plain', bytes = 'hello' }: FileField = {}) {
  return part(name, `; filename="${filename}"\r\nContent-Type: ${type}`, bytes);
}

/** A whole body: fields, then the file, then what a test wants behind it. */
export function formBody(fields: readonly Field[], file: FileField | 'none' = {}, after: readonly Buffer[] = []) {
  const parts = [...fields.map(fieldPart), ...(file === 'none' ? [] : [filePart(file)]), ...after];
  return Buffer.concat([...parts, Buffer.from(`--${BOUNDARY}--\r\n`)]);
}

/** The fields of a V1 form for the test key. */
export function policyV1(
  conditions: readonly unknown[],
  { secret = 'ossite-secret', id = 'ossite', expiration = new Date(Date.now() + 60_000).toISOString() } = {},
): readonly Field[] {
  const policy = Buffer.from(JSON.stringify({ expiration, conditions })).toString('base64');
  const signature = createHmac('sha1', secret).update(policy).digest('base64');
  return [
    ['OSSAccessKeyId', id],
    ['policy', policy],
    ['Signature', signature],
  ];
}

/** The fields of a V4 form for the test key. */
export function policyV4(
  conditions: readonly unknown[],
  { secret = 'ossite-secret', at = new Date(), token = '', region = 'cn-hangzhou' } = {},
): readonly Field[] {
  const time = at.toISOString().replace(/[-:]|\.\d{3}/g, '');
  const day = time.slice(0, 8);
  const credential = `ossite/${day}/${region}/oss/aliyun_v4_request`;
  const own = [
    { 'x-oss-signature-version': 'OSS4-HMAC-SHA256' },
    { 'x-oss-credential': credential },
    { 'x-oss-date': time },
  ];
  const expiration = new Date(Date.now() + 60_000).toISOString();
  const policy = Buffer.from(JSON.stringify({ expiration, conditions: [...own, ...conditions] })).toString('base64');
  const hmac = (key: string | Buffer, data: string) => createHmac('sha256', key).update(data).digest();
  const signing = [day, region, 'oss', 'aliyun_v4_request', policy].reduce<string | Buffer>(
    hmac,
    `aliyun_v4${secret}`,
  ) as Buffer;
  return [
    ['policy', policy],
    ['x-oss-signature-version', 'OSS4-HMAC-SHA256'],
    ['x-oss-credential', credential],
    ['x-oss-date', time],
    ['x-oss-signature', signing.toString('hex')],
    ...(token === '' ? [] : [['x-oss-security-token', token] as const]),
  ];
}
