/** `photo.jpg!small`: the short form of `photo.jpg?x-oss-process=style/small` (documents-styles-tasks.md §4.2). */
import type { Bucket } from '../store/buckets.ts';
import type { Store } from '../store/store.ts';
import type { OssRequest } from './request.ts';
import { isStyleName, MAX_STYLE_NAME } from './styles.ts';
import { selects } from './subresources.ts';

/** What a key means where it names no object itself. */
interface Split {
  readonly key: string;
  readonly style: string;
}

/**
 * Reads a style out of the key of a plain GET or HEAD, where the bucket has delimiters. Signatures are of the key as it
 * was sent, so that this comes after them.
 * @returns the request that is meant, often the same one
 */
export function resolveStyle(req: OssRequest, store: Store): OssRequest {
  if (req.target !== 'object' || (req.method !== 'GET' && req.method !== 'HEAD')) return req;
  if ([...req.query.keys()].some((name) => selects.has(name))) return req;
  const bucket = store.buckets.get(req.bucket);
  if (bucket === undefined) return req;
  const split = splitKey(req.key, bucket, store);
  if (split === undefined) return req;
  return { ...req, key: split.key, query: new Map([...req.query, ['x-oss-process', `style/${split.style}`]]) };
}

/**
 * OSS does not say what wins when a delimiter is in the key as well. Assumed (rule U6): an object of the whole name;
 * else the last delimiter that has an object before it and a style behind it; else the last that has one of them.
 */
function splitKey(key: string, bucket: Bucket, store: Store): Split | undefined {
  const { delimiters } = store.bucketProcesses.get(bucket);
  if (delimiters.length === 0 || store.objects.get(bucket, key) !== undefined) return undefined;
  let half: Split | undefined;
  for (let at = key.length - 2; at > 0 && key.length - at <= MAX_STYLE_NAME + 1; at -= 1) {
    if (!delimiters.some((delimiter) => delimiter === key[at])) continue;
    const split = { key: key.slice(0, at), style: key.slice(at + 1) };
    // A `|` or `/` in it would be more of a process string than a name.
    if (!isStyleName(split.style)) continue;
    const isObject = store.objects.get(bucket, split.key) !== undefined;
    const isStyle = store.styles.get(bucket, split.style) !== undefined;
    if (isObject && isStyle) return split;
    if (isObject || isStyle) half ??= split;
  }
  return half;
}
