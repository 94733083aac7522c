import { fail } from '../store/errors.ts';
import type { OssRequest } from './request.ts';

const NAME = 'x-oss-traffic-limit';

/** Bits a second (rest-core.md §6). */
const LEAST = 819_200;
const MOST = 838_860_800;

/** Checks the limit a client sets itself, in a header or in the query. It is not applied. @throws InvalidArgument */
export function checkTrafficLimit(req: Pick<OssRequest, 'header' | 'query'>): void {
  const [header, query] = [req.header(NAME), req.query.get(NAME)];
  if (header !== undefined && query !== undefined) {
    invalid(`${NAME} should be specified either in query string or header, not both.`, header);
  }
  const asked = header ?? query;
  if (asked === undefined) return;
  const limit = Number(asked);
  if (!/^\d+$/.test(asked) || limit < LEAST || limit > MOST) {
    invalid(`${NAME} is invalid, should be specified between ${LEAST}(100KB/s) and ${MOST}(100MB/s).`, asked);
  }
}

const invalid = (message: string, value: string): never =>
  fail('InvalidArgument', { message, elements: { ArgumentName: NAME, ArgumentValue: value } });
