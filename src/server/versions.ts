/** Versions on the wire (rest-core.md §1.6, §3). */
import type { Bucket } from '../store/buckets.ts';
import { fail } from '../store/errors.ts';
import type { StoredObject } from '../store/objects.ts';
import type { OssRequest } from './request.ts';

/** Ids begin like OSS's and are made of characters that need no encoding; what is made otherwise can not be one. */
const VERSION_ID = /^(null|CAE[\w.~-]{1,253})$/;

/** @param where the name of what carries it, for the error @throws InvalidArgument for what can not be the id of a version */
export function checkVersionId(version: string, where: string): string {
  if (VERSION_ID.test(version)) return version;
  return fail('InvalidArgument', {
    message: version === '' ? 'Version id can not be the empty string.' : 'Invalid version id specified.',
    elements: { ArgumentName: where, ArgumentValue: version },
  });
}

/** The version a request is about; `undefined` means the current one. @throws InvalidArgument */
export function versionFrom(req: Pick<OssRequest, 'query'>): string | undefined {
  const version = req.query.get('versionId');
  return version === undefined ? undefined : checkVersionId(version, 'versionId');
}

/** Buckets that never had versions do not speak of them. */
export const versionHeader = (
  bucket: Pick<Bucket, 'versioning'>,
  { version }: Pick<StoredObject, 'version'>,
): { readonly 'x-oss-version-id'?: string } => (bucket.versioning === '' ? {} : { 'x-oss-version-id': version });
