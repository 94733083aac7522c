/** What the control API knows of messages. */
import { vi } from 'vitest';
import type { frontDoor } from './ossite.ts';

type Door = Pick<ReturnType<typeof frontDoor>, 'request' | 'finished'>;

export interface Shown {
  readonly MessageId: string;
  readonly Topic: string;
  readonly TaskId: string;
  readonly State: 'Kept' | 'Pending' | 'Delivered' | 'Failed';
  readonly Attempts: number;
  readonly LastError: string;
  readonly Created: string;
  readonly Delivered: string;
  readonly Body: { readonly id: string; readonly content: string };
}

/** `/_ossite/messages` with a query. */
export async function messages(door: Pick<Door, 'request'>, query: string): Promise<readonly Shown[]> {
  const { text } = await door.request('get', `/_ossite/messages?${query}`);
  return (JSON.parse(text) as { messages: readonly Shown[] }).messages;
}

export const contentOf = (message: Shown) => JSON.parse(message.Body.content) as Readonly<Record<string, unknown>>;

/** Waits until a task has ended and its message has found its way, or none. */
export async function settled(door: Door, task: string): Promise<Shown> {
  await door.finished(task);
  const found = async () => (await messages(door, `task=${task}`)).find(({ State }) => State !== 'Pending');
  return vi.waitUntil(found, { timeout: 30_000, interval: 50 });
}
