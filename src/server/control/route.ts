/** One request of the control API (contract: JSON, errors as `{"error":{"code","message"}}`). */
import type { Services } from '../action.ts';

export interface ControlRequest {
  /** What stands for `{…}` in the path. */
  readonly name: string;
  readonly query: ReadonlyMap<string, string>;
}

export interface Route {
  readonly method: 'GET' | 'POST';
  /** Below `/_ossite/`; `{name}` stands for one part. */
  readonly path: string;
  readonly doc: string;
  run(req: ControlRequest, oss: Services): Promise<Answer>;
}

export interface Answer {
  readonly status: number;
  readonly json: unknown;
}

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

/** A number in a query. @throws ControlError */
export function numberFrom(
  req: ControlRequest,
  name: string,
  range: { readonly most: number; readonly usual: number },
): number {
  const text = req.query.get(name);
  if (text === undefined) return range.usual;
  const value = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || value > range.most) {
    throw new ControlError(400, 'InvalidArgument', `${name} must be a number from 0 to ${range.most}, not ${text}`);
  }
  return value;
}
