/** What both versions of ListObjects share. */
import { fail } from '../store/errors.ts';
import type { Page } from '../store/listing.ts';
import { owner } from './describe.ts';
import type { OssRequest } from './request.ts';
import { restoreInfo } from './restore.ts';
import { isoTime, quoted, urlEncodeAll } from './wire.ts';
import type { Xml } from './xml.ts';

const MAX_NAME_BYTES = 1023;

const parameters =
  'prefix marker delimiter max-keys encoding-type list-type start-after continuation-token fetch-owner'.split(' ');

/** Whether a request of a bucket asks for a listing in so many words. */
export const selectsPage = (req: Pick<OssRequest, 'query'>): boolean => parameters.some((name) => req.query.has(name));

/** A prefix, marker or delimiter of a listing. @throws InvalidArgument beyond 1023 bytes */
export function nameFrom(req: OssRequest, name: string): string {
  const value = req.query.get(name) ?? '';
  if (Buffer.byteLength(value) > MAX_NAME_BYTES) {
    fail('InvalidArgument', {
      message: `The length of ${name} must be less than ${MAX_NAME_BYTES + 1}.`,
      ...(name === 'marker' ? { ec: '0015-00000405' } : {}),
      elements: { ArgumentName: name },
    });
  }
  return value;
}

/** How names are written: as they are, or percent-encoded with `encoding-type=url`. @throws InvalidArgument */
export function encodingFrom(
  req: OssRequest,
  asked = req.query.get('encoding-type'),
): { readonly type: string | undefined; encode(text: string): string } {
  if (asked === undefined || asked === '') return { type: undefined, encode: (text) => text };
  if (asked.toLowerCase() !== 'url') {
    fail('InvalidArgument', {
      message: 'Invalid Encoding Method specified in Request',
      ec: '0017-00000235',
      elements: { ArgumentName: 'encoding-type', ArgumentValue: asked },
    });
  }
  return { type: 'url', encode: urlEncodeAll };
}

/** `Contents` and `CommonPrefixes`. @param now for how far archived objects are with their restoring, milliseconds since 1970 */
export function pageXml(page: Page, encode: (text: string) => string, withOwner: boolean, now: number): Xml {
  return [
    ...page.objects.map(
      (object) =>
        [
          'Contents',
          [
            ['Key', encode(object.key)],
            ['LastModified', isoTime(object.modified)],
            ['ETag', quoted(object.etag)],
            ['Type', object.type],
            ['Size', object.size],
            ['StorageClass', object.storageClass],
            ['RestoreInfo', restoreInfo(object, now)],
            ['Owner', withOwner ? owner : undefined],
          ],
        ] as const,
    ),
    ...page.prefixes.map((prefix) => ['CommonPrefixes', [['Prefix', encode(prefix)]]] as const),
  ];
}
