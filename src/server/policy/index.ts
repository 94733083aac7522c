/**
 * What a bucket's policy says to callers who sign nothing. Who signs is the owner here, whom no policy binds: principals
 * other than everybody are kept and never met.
 */
import type { Bucket } from '../../store/buckets.ts';
import type { Store } from '../../store/store.ts';
import type { Action } from '../action.ts';
import type { OssRequest } from '../request.ts';
import { matchesWildcard } from '../wildcard.ts';
import { hold } from './conditions.ts';
import { readPolicy, type Statement } from './document.ts';

export const POLICY = 'policy';

/** Operations that ask for the permission of another one. */
const permissions: Readonly<Record<string, string>> = {
  HeadObject: 'GetObject',
  GetObjectMeta: 'GetObject',
  GetProcessedObject: 'GetObject',
  ListObjectsV2: 'ListObjects',
  HeadBucket: 'GetBucketInfo',
  CopyObject: 'PutObject',
  AppendObject: 'PutObject',
  PostObject: 'PutObject',
  PutSymlink: 'PutObject',
  InitiateMultipartUpload: 'PutObject',
  UploadPart: 'PutObject',
  UploadPartCopy: 'PutObject',
  CompleteMultipartUpload: 'PutObject',
  DeleteMultipleObjects: 'DeleteObject',
};

/** The keys of these stand in their bodies: before those are read, they are judged as requests on the whole bucket. */
const onObjects: ReadonlySet<string> = new Set(['PostObject', 'DeleteMultipleObjects']);

/** Statements of a bucket's policy; none when it has no policy. */
export function statementsOf(store: Store, bucket: Bucket): readonly Statement[] {
  const text = store.configurations.get(bucket, POLICY);
  return text === undefined ? [] : readPolicy(text);
}

/** Whether a statement speaks of everybody. */
export const isPublic = ({ effect, principals }: Statement): boolean => effect === 'Allow' && principals.includes('*');

/** What a policy says to an anonymous request: the strongest word, or nothing. */
export function verdictOn(
  statements: readonly Statement[],
  action: Pick<Action, 'name'>,
  req: OssRequest,
): 'Allow' | 'Deny' | undefined {
  const met = statements.filter((statement) => isMet(statement, action, req));
  return met.find(({ effect }) => effect === 'Deny')?.effect ?? met[0]?.effect;
}

function isMet(statement: Statement, { name }: Pick<Action, 'name'>, req: OssRequest): boolean {
  const permission = `oss:${permissions[name] ?? name}`.toLowerCase();
  const resource = req.target === 'object' || onObjects.has(name) ? `${req.bucket}/${req.key}` : req.bucket;
  const acts = statement.actions.some((pattern) =>
    matchesWildcard(permission, pattern.toLowerCase(), { single: true }),
  );
  const about = statement.resources.some((pattern) => matchesWildcard(resource, resourceIn(pattern), { single: true }));
  return (
    statement.principals.includes('*') &&
    acts !== statement.exceptActions &&
    about !== statement.exceptResources &&
    hold(statement.conditions, req)
  );
}

/** `acs:oss:*:1234567890:bucket/key`: region and account are those of this emulator, whatever they are called. */
const resourceIn = (pattern: string): string => pattern.replace(/^acs:oss:[^:]*:[^:]*:/, '');
