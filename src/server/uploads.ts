/** What requests about multipart uploads say (rest-core.md §1.3). */
import type { Bucket } from '../store/buckets.ts';
import { fail } from '../store/errors.ts';
import type { Store } from '../store/store.ts';
import type { Upload } from '../store/upload-rows.ts';
import type { OssRequest } from './request.ts';

/** Highest number of a part. */
export const MAX_PART = 10_000;

/** The upload a request names. @param ec what the operation says when there is none; absent: the table's @throws NoSuchUpload */
export const uploadFrom = (req: OssRequest, bucket: Bucket, { uploads }: Pick<Store, 'uploads'>, ec?: string): Upload =>
  uploads.need(bucket, req.key, req.query.get('uploadId') ?? '', ec);

/** The number of a part. @throws InvalidArgument */
export function partNumberFrom({ query }: Pick<OssRequest, 'query'>): number {
  const text = query.get('partNumber') ?? '';
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= 1 && number <= MAX_PART) return number;
  return fail('InvalidArgument', {
    message: `Part number must be an integer between 1 and ${MAX_PART}, inclusive.`,
    ec: text === '' ? '0017-00000219' : '0017-00000220',
    elements: { ArgumentName: 'partNumber', ArgumentValue: text },
  });
}

/** Whether a number in a list of parts can be one. */
export const isPartNumber = (number: number): boolean => Number.isInteger(number) && number >= 1 && number <= MAX_PART;
