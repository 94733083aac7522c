import { storageClasses } from '../../store/buckets.ts';
import { fail } from '../../store/errors.ts';
import { isTracking } from '../access-tracking.ts';
import { type Configuration, configurationReader } from '../configuration.ts';
import { flagIn, malformed, needed, neededText, outside, wholeIn, withId, wordIn } from '../configuration-checks.ts';
import { isTagText } from '../tags.ts';
import { childOf, childrenOf, childText, type XmlElement } from '../xml.ts';

const MAX_RULES = 1000;
const MAX_ID_BYTES = 255;
/** A hundred years. */
const MAX_DAYS = 36_500;

/** What it does: `lifecycle/`. */
const lifecycle: Configuration = {
  key: 'lifecycle',
  root: 'LifecycleConfiguration',
  // A thousand rules with filters fit in.
  largest: 2 * 1024 ** 2,
  names: { put: 'PutBucketLifecycle', get: 'GetBucketLifecycle', delete: 'DeleteBucketLifecycle' },
  absent: 'NoSuchLifecycle',
  check(root, req) {
    const rules = childrenOf(root, 'Rule');
    if (rules.length === 0) malformed('LifecycleConfiguration needs Rule');
    if (rules.length > MAX_RULES) malformed(`LifecycleConfiguration may hold ${MAX_RULES} rules`);
    rules.forEach(checkRule);
    const named = root.children.map((child) => (child.name === 'Rule' ? withId(child) : child));
    const ids = named.map((rule) => childText(rule, 'ID'));
    if (new Set(ids).size < ids.length) fail('InvalidArgument', { message: 'Rule ID must be unique.' });
    if (req.header('x-oss-allow-same-action-overlap')?.toLowerCase() !== 'true') refuseOverlap(rules);
    return { ...root, children: named };
  },
  // The page of the EC; the Java SDK's test has the code.
  admit(root, bucket, store) {
    if (hasAccessTime(root) && !isTracking(store, bucket))
      malformed('IsAccessTime needs access tracking, which the bucket does not do', '0014-00000016');
  },
};

/** Whether a transition, of whatever rule, asks when an object was last read. */
const hasAccessTime = (root: XmlElement): boolean =>
  childrenOf(root, 'Rule').some((rule) => rule.children.some((action) => flagIn(action, 'IsAccessTime') === true));

/** Whether a bucket's lifecycle goes by when its objects were last read. */
export const goesByAccess = configurationReader(lifecycle, hasAccessTime);

const actionNames = [
  ...['Expiration', 'Transition', 'AbortMultipartUpload'],
  ...['NoncurrentVersionExpiration', 'NoncurrentVersionTransition'],
];

function checkRule(rule: XmlElement): void {
  if (Buffer.byteLength(childText(rule, 'ID') ?? '') > MAX_ID_BYTES) malformed(`ID may have ${MAX_ID_BYTES} bytes`);
  needed(rule, 'Status');
  wordIn(rule, 'Status', ['Enabled', 'Disabled']);
  const actions = rule.children.filter(({ name }) => actionNames.includes(name));
  if (actions.length === 0) malformed(`Rule needs one of ${actionNames.join(', ')}`);
  for (const action of actions) checkAction(action);
  refuseMixedTimes(rule);
  refuseWrongOrder(rule);
  const tags = childrenOf(rule, 'Tag').map(checkedTag);
  if (new Set(tags).size < tags.length) malformed('a rule may hold one Tag for each Key');
  const filter = childOf(rule, 'Filter');
  if (filter === undefined) return;
  for (const name of ['ObjectSizeGreaterThan', 'ObjectSizeLessThan']) wholeIn(filter, name, 0, Number.MAX_SAFE_INTEGER);
  for (const not of childrenOf(filter, 'Not')) needed(not, 'Prefix');
}

/** Expiration and transitions of a rule go either by age or by date. @throws InvalidRequest */
function refuseMixedTimes(rule: XmlElement): void {
  const [expiration] = childrenOf(rule, 'Expiration');
  if (expiration === undefined) return;
  for (const transition of childrenOf(rule, 'Transition')) {
    const byDays = [expiration, transition].filter((action) => childOf(action, 'Days') !== undefined);
    const byDate = [expiration, transition].filter((action) => childOf(action, 'CreatedBeforeDate') !== undefined);
    if (byDays.length !== 1 || byDate.length !== 1) continue;
    const name = childText(transition, 'StorageClass')?.trim();
    fail('InvalidRequest', {
      message: `Found mixed CreatedBeforeDate and Days based Expiration and Transition for StorageClass ${name} actions`,
      ec: '0014-00000080',
    });
  }
}

/** Objects only get colder, and are gone last: a transition is none to Standard. @throws InvalidArgument */
function refuseWrongOrder(rule: XmlElement): void {
  refuseOrder(childOf(rule, 'Expiration'), childrenOf(rule, 'Transition'), 'Days');
  const old = childrenOf(rule, 'NoncurrentVersionTransition');
  refuseOrder(childOf(rule, 'NoncurrentVersionExpiration'), old, 'NoncurrentDays');
}

/** @param time what a transition and the end say of their time @throws InvalidArgument */
function refuseOrder(expiration: XmlElement | undefined, actions: readonly XmlElement[], time: string): void {
  const daysOf = (action: XmlElement) => wholeIn(action, time, 1, MAX_DAYS);
  const end = (expiration && daysOf(expiration)) ?? Number.POSITIVE_INFINITY;
  const transitions = actions.map((action) => ({
    action,
    days: daysOf(action),
    byAccess: flagIn(action, 'IsAccessTime') === true,
    coldness: storageClasses.indexOf(wordIn(action, 'StorageClass', storageClasses) ?? 'IA'),
  }));
  for (const { action, days, byAccess, coldness } of transitions) {
    if (coldness === 0) outside(action, 'StorageClass');
    if (days === undefined) continue;
    const warmerLater = transitions.some(
      (other) => other.byAccess === byAccess && other.coldness < coldness && (other.days ?? 0) > days,
    );
    if (days > end || warmerLater) outside(action, time);
  }
}

/** How long they are does not matter here, as the Python SDK's test finds. @returns its key @throws MalformedXML */
function checkedTag(tag: XmlElement): string {
  const key = neededText(tag, 'Key');
  if (!isTagText(key)) malformed('the Key of a Tag holds other characters than tags may');
  if (!isTagText(childText(tag, 'Value') ?? '')) malformed('the Value of a Tag holds other characters than tags may');
  return key;
}

/** What an action may say of its time; just one of these. */
const times = ['Days', 'NoncurrentDays', 'CreatedBeforeDate', 'Date', 'ExpiredObjectDeleteMarker'];

function checkAction(action: XmlElement): void {
  // A flag that is off says nothing of the time.
  const said = action.children.filter(({ name, text }) => times.includes(name) && text.trim() !== 'false');
  if (said.length !== 1) malformed(`${action.name} needs one of ${times.join(', ')}`);
  for (const name of ['Days', 'NoncurrentDays']) wholeIn(action, name, 1, MAX_DAYS);
  for (const name of ['CreatedBeforeDate', 'Date']) checkDate(action, name);
  flagIn(action, 'ExpiredObjectDeleteMarker');
  flagIn(action, 'IsAccessTime');
  if (!action.name.endsWith('Transition')) return;
  needed(action, 'StorageClass');
  wordIn(action, 'StorageClass', storageClasses);
}

/** Midnight in UTC, as OSS has it. */
function checkDate(action: XmlElement, name: string): void {
  const text = childText(action, name)?.trim();
  if (text === undefined) return;
  if (!/^\d{4}-\d{2}-\d{2}T00:00:00(\.0+)?Z$/.test(text) || Number.isNaN(Date.parse(text)))
    malformed(`${name} must be a date at midnight such as 2026-01-01T00:00:00.000Z, not ${text}`);
}

/** What of a rule tells whom it is about, beside the prefix. */
const tagsOf = (rule: XmlElement): string =>
  JSON.stringify(childrenOf(rule, 'Tag').map((tag) => [childText(tag, 'Key'), childText(tag, 'Value')]));

/**
 * Two rules must not do the same to the same objects: their prefixes overlap when one begins with the other. Rules with
 * different tags are about different objects (assumed).
 * @throws InvalidRequest
 */
function refuseOverlap(rules: readonly XmlElement[]): void {
  const met = new Map<string, string[]>();
  for (const rule of rules) {
    const prefix = childText(rule, 'Prefix') ?? '';
    for (const name of new Set(
      rule.children.map((child) => child.name).filter((child) => actionNames.includes(child)),
    )) {
      const key = `${name} ${tagsOf(rule)}`;
      const prefixes = met.get(key) ?? [];
      if (prefixes.some((other) => other.startsWith(prefix) || prefix.startsWith(other)))
        fail('InvalidRequest', { message: `Overlap for same action type ${name}` });
      met.set(key, [...prefixes, prefix]);
    }
  }
}

export default lifecycle;
