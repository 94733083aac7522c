/** The clock of a server, as the control API moves it. */
import type { frontDoor } from './ossite.ts';

interface Shown {
  readonly status: number;
  readonly now: string;
  /** Seconds. */
  readonly ahead: number;
  readonly error?: { readonly code: string };
}

/** @param body JSON, or a text that stands for it */
export async function clock(
  door: Pick<ReturnType<typeof frontDoor>, 'request'>,
  method: 'get' | 'put' | 'delete',
  body?: object | string,
): Promise<Shown> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const answer = await door.request(method, '/_ossite/clock', body === undefined ? {} : { body: text });
  return { status: answer.status, ...(JSON.parse(answer.text) as Omit<Shown, 'status'>) };
}
