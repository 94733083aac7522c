/** One request of the control API (contract: JSON, errors as `{"error":{"code","message"}}`). */
import type { Readable } from 'node:stream';
import type { Services } from '../action.ts';

export interface ControlRequest {
  /** What stands for `{…}` in the path. */
  readonly name: string;
  /** Host as the client addressed it, with port. */
  readonly host: string;
  readonly query: ReadonlyMap<string, string>;
  /** The body. @param empty what stands for none @throws ControlError when it is no JSON */
  json(empty?: unknown): Promise<unknown>;
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below `/_ossite/`; `{name}` stands for one part. */
  readonly path: string;
  readonly doc: string;
  run(req: ControlRequest, oss: Services): Promise<Answer>;
}

export type Answer =
  | { readonly status: number; readonly json: unknown }
  /** For what other programs read, which want no JSON. */
  | { readonly status: number; readonly text: string; readonly type: string }
  /** Goes on until the client leaves. */
  | { readonly status: number; readonly stream: Readable; readonly type: string };

/** A mistake in a control request. */
export class ControlError extends Error {
  override readonly name = 'ControlError';
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** @throws ControlError InvalidArgument */
export const wrong = (message: string): never => {
  throw new ControlError(400, 'InvalidArgument', message);
};

/** The host that a client can reach this server by, since it did. @throws ControlError where it named none */
export const hostOf = ({ host }: ControlRequest): string =>
  /^[^\s/?#@\\]+$/.test(host) && URL.canParse(`http://${host}`) ? host : wrong('the request has no usable Host');

/** A number in a query. @throws ControlError */
export function numberFrom(
  req: ControlRequest,
  name: string,
  range: { readonly most: number; readonly usual: number },
): number {
  return parsed(req, name, /^\d+(\.\d+)?$/, 'a number', range);
}

/** A whole number in a query. @throws ControlError */
export function countFrom(
  req: ControlRequest,
  name: string,
  range: { readonly most: number; readonly usual: number },
): number {
  return parsed(req, name, /^\d+$/, 'an integer', range);
}

/** `true` or `false` in a query. @throws ControlError */
export function flagFrom(req: ControlRequest, name: string): boolean | undefined {
  const text = req.query.get(name);
  if (text !== undefined && text !== 'true' && text !== 'false') wrong(`${name} must be true or false, not ${text}`);
  return text === undefined ? undefined : text === 'true';
}

function parsed(
  req: ControlRequest,
  name: string,
  shape: RegExp,
  what: string,
  { most, usual }: { readonly most: number; readonly usual: number },
): number {
  const text = req.query.get(name);
  if (text === undefined) return usual;
  const value = Number(text);
  if (!shape.test(text) || value > most) {
    wrong(`${name} must be ${what} from 0 to ${most}, not ${text}`);
  }
  return value;
}
