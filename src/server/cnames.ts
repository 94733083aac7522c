/** Domains that lead to a bucket: what `PutCname` binds, requests find by their Host header (rest-core.md §1.7, §5.3). */
import { createHash } from 'node:crypto';
import type { Bucket } from '../store/buckets.ts';
import { fail } from '../store/errors.ts';
import { readConfiguration } from './configuration.ts';
import { malformed, needed, neededText } from './configuration-checks.ts';
import type { OssRequest } from './request.ts';
import { isoTime } from './wire.ts';
import type { Xml } from './xml.ts';

/** Labels of letters, digits and hyphens, at least two. */
const DOMAIN = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** How long a token could be used to prove whose a domain is: three days (assumed). */
const TOKEN_LIFE_MS = 3 * 24 * 3_600_000;

/** The domain that a body names. @throws MalformedXML, InvalidArgument */
export async function domainFrom(req: OssRequest): Promise<string> {
  const root = await readConfiguration(req, 'BucketCnameConfiguration');
  if (root.children.length === 0) malformed('BucketCnameConfiguration needs Cname');
  return checkDomain(neededText(needed(root, 'Cname'), 'Domain'));
}

/** @throws InvalidArgument */
export function checkDomain(text: string): string {
  const domain = text.trim().toLowerCase();
  if (DOMAIN.test(domain)) return domain;
  return fail('InvalidArgument', {
    message: `The domain ${text} is not valid.`,
    elements: { ArgumentName: 'Domain', ArgumentValue: text },
  });
}

/** A token as the real service would have one put into the DNS; here nobody asks for the proof. */
export function tokenXml(bucket: Bucket, domain: string, now: number): Xml {
  const token = createHash('md5').update(`${bucket.id}/${domain}`).digest('hex');
  return [
    ['Bucket', bucket.name],
    ['Cname', domain],
    ['Token', token],
    ['ExpireTime', isoTime(new Date(now + TOKEN_LIFE_MS))],
  ];
}
