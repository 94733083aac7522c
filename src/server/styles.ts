/** Rules of the style API (documents-styles-tasks.md §4.1). */
import { fail } from '../store/errors.ts';
import type { Style } from '../store/styles.ts';
import type { OssRequest } from './request.ts';
import { httpTime } from './wire.ts';
import type { Xml } from './xml.ts';

export const MAX_STYLE_NAME = 63;
const NAME_CHARACTERS = /^[A-Za-z0-9_.-]+$/;

/** Whether a style can have this name (rule T2). */
export const isStyleName = (name: string): boolean => name.length <= MAX_STYLE_NAME && NAME_CHARACTERS.test(name);

/** Of one bucket. */
export const MAX_STYLES = 50;

/** Only characters are checked; nonsense is found when the style is used (rules T3, T4). @throws BadRequest */
export const styleContent = (content: string): string =>
  content === '' || /[;()'*?\s]/.test(content)
    ? fail('BadRequest', { message: 'Style content is invalid.', ec: '0017-00000253' })
    : content;

/** The style's name in a query. @throws InvalidArgument (rules T2, T9, T10) */
export function styleName(req: OssRequest): string {
  const name = req.query.get('styleName') ?? '';
  const invalid = (ec: string) =>
    fail('InvalidArgument', {
      message: `The value: ${name} of parameter: stylename is invalid.`,
      ec,
      elements: { ArgumentName: 'styleName', ArgumentValue: name },
    });
  if (name === '' || name.length > MAX_STYLE_NAME) invalid('0017-00000250');
  if (!NAME_CHARACTERS.test(name)) invalid('0017-00000251');
  return name;
}

/** A style as GetStyle and ListStyle show it. */
export const styleXml = (style: Style): Xml => [
  ['Name', style.name],
  ['Content', style.content],
  ['Category', style.category],
  ['CreateTime', httpTime(style.created)],
  ['LastModifyTime', httpTime(style.modified)],
];
