/** docs/coverage.md says what the router answers: each request on the page is sent. */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { requestOf } from '../../scripts/coverage-docs.ts';
import { loadActions } from '../../src/server/router.ts';
import { freshBucket, ossError, put, request } from '../helpers/ossite.ts';

const actions = await loadActions();
const page = readFileSync(new URL('../../docs/coverage.md', import.meta.url), 'utf8');

interface Row {
  readonly name: string;
  readonly level: string;
  readonly requests: readonly string[];
}

const rows: readonly Row[] = [...page.matchAll(/^\| \[(\w+)\]\(\S+\) \| (.+?) \| (full|stored|refused) \|/gm)].map(
  ([, name = '', requests = '', level = '']) => ({ name, level, requests: requests.split('<br>') }),
);

let bucket = '';
beforeAll(async () => {
  bucket = await freshBucket();
  await put(bucket, 'key', Buffer.from('x'));
});

/** Sends a request of the page to an object and a bucket of our own; bodies are left out. */
async function answerTo(text: string) {
  const [, method = '', path = '', query = '', header] =
    /^`(\w+) (\/[\w/]*)(?:\?([^`]*))?`(?: with `([\w-]+)`)?$/.exec(text) ?? [];
  const own = path.replace('/bucket', `/${bucket}`);
  return request(method.toLowerCase() as 'get', query === '' ? own : `${own}?${query}`, {
    headers: header === undefined ? {} : { [header]: 'x' },
  });
}

describe('docs/coverage.md', () => {
  it('has every action, with all its requests', () => {
    expect(rows.map(({ name }) => name).toSorted()).toEqual([...new Set(actions.map(({ name }) => name))].toSorted());
    expect(rows.flatMap(({ requests }) => requests).toSorted()).toEqual(actions.map(requestOf).toSorted());
  });

  it.each(rows.filter(({ level }) => level === 'refused'))(
    '$name is refused by its name',
    async ({ name, requests }) => {
      for (const text of requests) {
        const answer = ossError(await answerTo(text));
        expect(answer).toMatchObject({ status: 400, code: 'NotImplemented' });
        expect(answer.message).toContain(name);
        expect(answer.elements.Detail).toContain(name);
      }
    },
  );

  // DeleteBucket would take the bucket from the others; here it is not empty.
  it.each(rows.filter(({ level }) => level !== 'refused'))('$name is there', async ({ requests }) => {
    for (const text of requests) {
      const answer = await answerTo(text);
      expect(answer.status).toBeLessThan(500);
      // The error of a HEAD stands in a header.
      const error = Buffer.from(answer.headers['x-oss-err'] ?? '', 'base64').toString('utf8');
      expect(answer.text + error).not.toContain('NotImplemented');
    }
  });

  it('has what the checklist of the specification has', () => {
    // rest-core.md §10, by the names that SDKs give the operations.
    const checklist =
      'ListBuckets PutBucket DeleteBucket GetBucketInfo GetBucketLocation GetBucketStat PutBucketAcl GetBucketAcl ListObjects ' +
      'ListObjectsV2 PutObject GetObject HeadObject GetObjectMeta DeleteObject DeleteMultipleObjects CopyObject AppendObject ' +
      'PutObjectAcl GetObjectAcl PutBucketCors GetBucketCors DeleteBucketCors ' +
      'PutSymlink GetSymlink PutObjectTagging GetObjectTagging DeleteObjectTagging InitiateMultipartUpload UploadPart ' +
      'UploadPartCopy CompleteMultipartUpload AbortMultipartUpload ListParts ListMultipartUploads PostObject OptionObject ' +
      'HeadBucket RestoreObject PutBucketVersioning GetBucketVersioning ListObjectVersions PutBucketLifecycle ' +
      'GetBucketLifecycle DeleteBucketLifecycle PutBucketWebsite GetBucketWebsite DeleteBucketWebsite PutBucketReferer ' +
      'GetBucketReferer PutBucketLogging GetBucketLogging DeleteBucketLogging PutBucketEncryption GetBucketEncryption ' +
      'DeleteBucketEncryption PutBucketTags GetBucketTags DeleteBucketTags PutBucketPolicy GetBucketPolicy DeleteBucketPolicy ' +
      'GetBucketPolicyStatus PutBucketRequestPayment GetBucketRequestPayment PutStyle GetStyle ListStyle DeleteStyle ' +
      'PutBucketInventory GetBucketInventory ListBucketInventory DeleteBucketInventory InitiateBucketWorm CompleteBucketWorm ' +
      'ExtendBucketWorm GetBucketWorm AbortBucketWorm PutBucketTransferAcceleration GetBucketTransferAcceleration ' +
      'PutBucketAccessMonitor GetBucketAccessMonitor PutBucketResourceGroup GetBucketResourceGroup PutBucketHttpsConfig ' +
      'GetBucketHttpsConfig PutBucketPublicAccessBlock GetBucketPublicAccessBlock DeleteBucketPublicAccessBlock ' +
      'PutPublicAccessBlock GetPublicAccessBlock DeletePublicAccessBlock PutBucketArchiveDirectRead ' +
      'GetBucketArchiveDirectRead PutCname ListCname DeleteCname CreateCnameToken GetCnameToken PutBucketReplication ' +
      'GetBucketReplication DeleteBucketReplication GetBucketReplicationLocation GetBucketReplicationProgress PutBucketRtc ' +
      'DescribeRegions PutBucketStorageCapacity GetBucketStorageCapacity PutUserDefinedLogFieldsConfig ' +
      'GetUserDefinedLogFieldsConfig DeleteUserDefinedLogFieldsConfig SealAppendObject CleanRestoredObject ' +
      'PutBucketObjectWormConfiguration GetBucketObjectWormConfiguration PutObjectRetention GetObjectRetention ' +
      'PutObjectLegalHold GetObjectLegalHold PutBucketOverwriteConfig GetBucketOverwriteConfig DeleteBucketOverwriteConfig ' +
      'SelectObject SelectJsonObject CreateSelectObjectMeta CreateSelectJsonObjectMeta PutLiveChannel ListLiveChannel ' +
      'CreateAccessPoint CreateAccessPointForObjectProcess WriteGetObjectResponse OpenMetaQuery DoMetaQuery CloseMetaQuery ' +
      'GetMetaQueryStatus DoDataPipeLineAction CreateBucketDataRedundancyTransition ListCloudBoxes PutAsyncFetchTask Rename ' +
      'CreateDirectory ProcessObject AsyncProcessObject';
    const names = new Set(rows.map(({ name }) => name));
    expect(checklist.split(' ').filter((name) => !names.has(name))).toEqual([]);
  });
});
