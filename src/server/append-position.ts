import { fail } from '../store/errors.ts';
import { MAX_SIZE, tooLarge } from './receive.ts';
import type { OssRequest } from './request.ts';

/** The length that an appendable object is taken to have. @throws MissingArgument, InvalidArgument, EntityTooLarge */
export function positionFrom({ query }: Pick<OssRequest, 'query'>): number {
  const text = query.get('position');
  if (text === undefined) {
    return fail('MissingArgument', { ec: '0016-00000502', elements: { ArgumentName: 'position' } });
  }
  if (!/^\d{1,15}$/.test(text)) {
    fail('InvalidArgument', {
      message: 'The position must be a non-negative integer.',
      elements: { ArgumentName: 'position', ArgumentValue: text },
    });
  }
  return Number(text) > MAX_SIZE ? tooLarge() : Number(text);
}
