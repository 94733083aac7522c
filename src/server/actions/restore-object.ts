import { fail } from '../../store/errors.ts';
import type { Action } from '../action.ts';
import { checkContentMd5 } from '../digest.ts';
import { readBody } from '../request.ts';
import { versionFrom, versionHeader } from '../versions.ts';
import { childText, readXml, type XmlElement } from '../xml.ts';

const MAX_BODY = 64 * 1024;
const DAY_MS = 24 * 3_600_000;
const tiers: readonly string[] = ['Expedited', 'Standard', 'Bulk'];

const action: Action = {
  name: 'RestoreObject',
  on: { method: 'POST', target: 'object', query: ['restore'] },
  takes: ['versionId'],
  docs: 'https://www.alibabacloud.com/help/en/oss/developer-reference/restoreobject',
  tier: 2,
  async run(req, { store, settings }) {
    const version = versionFrom(req);
    const body = await readBody(req, MAX_BODY);
    checkContentMd5(req, body);
    const text = body.toString('utf8');
    const asked = text.trim() === '' ? undefined : readXml(text, 'RestoreRequest');
    const bucket = store.buckets.need(req.bucket);
    const object = store.objects.need(bucket, req.key, version);
    const cold = object.storageClass.startsWith('Cold') || object.storageClass.startsWith('Deep');
    const days = daysFrom(asked, cold ? 365 : 7);
    const tier = tierFrom(asked, object.storageClass === 'Archive');
    // Every tier takes as long here as the setting says.
    const time = { takes: settings['restore-delay'] * 1000, lasts: days * DAY_MS };
    const before = store.objects.restore(bucket, req.key, version, time);
    return {
      status: before === 'restored' ? 200 : 202,
      headers: { ...versionHeader(bucket, object), 'x-oss-object-restore-priority': cold ? tier : undefined },
    };
  },
};

/** @param most 7 days for Archive, 365 for the colder classes (assumed) @throws MalformedXML */
function daysFrom(asked: XmlElement | undefined, most: number): number {
  const text = (asked && childText(asked, 'Days')) ?? '1';
  const days = Number(text);
  if (/^\d+$/.test(text.trim()) && days >= 1 && days <= most) return days;
  return fail('MalformedXML', { elements: { ErrorDetail: `Days must be an integer from 1 to ${most}, not ${text}` } });
}

/** @throws MalformedXML, InvalidArgument */
function tierFrom(asked: XmlElement | undefined, isArchive: boolean): string {
  const job = asked?.children.find(({ name }) => name === 'JobParameters');
  if (job === undefined) return 'Standard';
  const malformed = (detail: string) => fail('MalformedXML', { elements: { ErrorDetail: detail } });
  if (isArchive) return malformed('JobParameters is not for the class Archive');
  const tier = childText(job, 'Tier')?.trim() ?? 'Standard';
  if (tiers.includes(tier)) return tier;
  // The message is assumed.
  return fail('InvalidArgument', {
    message: 'The restore tier is invalid.',
    elements: { ArgumentName: 'Tier', ArgumentValue: tier },
  });
}

export default action;
