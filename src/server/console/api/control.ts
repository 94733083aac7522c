/** The only way to the control API. */
import { place } from '../app/route.ts';

/** What the server says went wrong; `status` 0: it could not be reached. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/** The namespace that is looked at: `ns` in the address; empty for that of all who have none of their own. */
export const namespace = (): string => place.value.params.ns ?? '';

/** The address of a request, of the namespace that is looked at. */
export function controlUrl(path: string, query: Query = {}): string {
  const given = Object.entries({ namespace: namespace() || undefined, ...query }).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)]],
  );
  const text = new URLSearchParams(given).toString();
  return `/_ossite/${path}${text === '' ? '' : `?${text}`}`;
}

export interface Call {
  readonly query?: Query;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

/** Any request of the control API. @throws Refused */
export async function control<T>(method: string, path: string, { query, body, signal }: Call = {}): Promise<T> {
  const answer = await reach(controlUrl(path, query), {
    method,
    // What no page of another origin can send: without it the server changes nothing.
    headers: { 'x-ossite-control': '1' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
  });
  const json: unknown = await answer.json().catch(() => undefined);
  if (answer.ok) return json as T;
  const { code, message } = (json as { readonly error?: { code: string; message: string } } | undefined)?.error ?? {
    code: String(answer.status),
    message: answer.statusText,
  };
  throw new Refused(answer.status, code, message);
}

/** `fetch`, but a server that is gone is a `Refused` like any other. @throws Refused; AbortError */
export async function reach(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (error) {
    if ((error as Error).name === 'AbortError') throw error;
    throw new Refused(0, 'Unreachable', 'The server does not answer.');
  }
}

export const read = <T>(path: string, query?: Query, signal?: AbortSignal): Promise<T> =>
  control<T>('GET', path, { ...(query ? { query } : {}), ...(signal ? { signal } : {}) });
