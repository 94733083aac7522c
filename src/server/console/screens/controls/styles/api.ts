/** Styles of a bucket, by the API of OSS. */
import { control } from '../../../api/control.ts';
import { childrenOf, oss, ossXml, textIn } from '../../../api/oss.ts';
import type { Explained } from '../../../api/types.ts';

export interface Style {
  readonly name: string;
  readonly content: string;
  readonly category: string;
  readonly modified: string;
}

export async function listStyles(bucket: string, signal?: AbortSignal): Promise<readonly Style[]> {
  const root = await ossXml({ method: 'GET', bucket, query: { style: '' } }, signal ? { signal } : {});
  return childrenOf(root, 'Style').map((style) => ({
    name: textIn(style, 'Name'),
    content: textIn(style, 'Content'),
    category: textIn(style, 'Category'),
    modified: new Date(textIn(style, 'LastModifyTime')).toISOString(),
  }));
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** @throws Refused */
export const putStyle = (bucket: string, { name, content, category }: Omit<Style, 'modified'>): Promise<Response> =>
  oss(
    {
      ...{ method: 'PUT', bucket, query: { style: '', styleName: name, category } },
      // A browser names a type of its own when there is none, and types are signed.
      headers: { 'content-type': 'application/xml' },
    },
    { body: `<Style><Content>${escaped(content)}</Content></Style>` },
  );

/** @throws Refused */
export const deleteStyle = (bucket: string, name: string): Promise<Response> =>
  oss({ method: 'DELETE', bucket, query: { style: '', styleName: name } });

/** How the content is read when the style is used: pictures at once, all else in a task, which says where its result goes. */
export const explainStyle = (content: string, category: string, signal: AbortSignal): Promise<Explained> =>
  control<Explained>('POST', 'explain', {
    body:
      category === 'image'
        ? { process: content, mode: 'get' }
        : { process: `${content}|sys/saveas,o_eA`, mode: 'async' },
    signal,
  });
