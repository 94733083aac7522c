/** The object that is looked at. */
import { urlOf } from '../../api/oss.ts';
import { stay } from '../../app/route.ts';

/** What a part of the page is about. */
export interface Chosen {
  readonly bucket: string;
  readonly name: string;
  readonly versionId: string | undefined;
}

/** Lets the browser save an object under the last part of its name. */
export async function download({ bucket, name, versionId }: Chosen): Promise<void> {
  const file = encodeURIComponent(name.split('/').findLast((one) => one !== '') ?? name);
  const link = document.createElement('a');
  link.href = await urlOf({
    method: 'GET',
    bucket,
    key: name,
    query: {
      ...(versionId === undefined ? {} : { versionId }),
      'response-content-disposition': `attachment; filename*=UTF-8''${file}`,
    },
  });
  link.download = '';
  link.click();
}

/** Back from an object to the list. */
export const close = (): void => stay({ key: '', versionId: '', tab: '' }, { step: true });
