/**
 * Sends messages to the webhooks that the operator has set, and never to an address that a client names. The schedule is
 * in the outbox, so that a restart goes on with it.
 */

import type { Message, Messages } from '../store/messages.ts';
import type { Webhook } from './setting-kinds.ts';
import { toHeader } from './wire.ts';

export interface CourierOptions {
  readonly messages: Messages;
  readonly webhooks: readonly Webhook[];
  /** Milliseconds between attempts; one attempt more than there are numbers. */
  readonly pauses?: readonly number[];
  onTrouble(error: unknown): void;
}

export interface Courier {
  /** There may be something to send. */
  kick(): void;
  /** Aborts what is under way; it is sent again at the next start. */
  stop(): Promise<void>;
}

/** A receiver has this long to answer, as SMQ gives it. */
const ANSWER_MS = 5_000;

/** Longer than an attempt takes: then its server has died. */
const HOLD_MS = 2 * ANSWER_MS;

/** Eight attempts within about two minutes (assumed: with SMQ the subscriber chooses). */
const PAUSES: readonly number[] = Array.from({ length: 7 }, (_, i) => 1000 * 2 ** i);

/** Messages on their way at once: a receiver that does not answer holds up only so many. */
const AT_ONCE = 8;

/** A timer for longer would be a second clock. */
const LONGEST_SLEEP_MS = 60_000;

/** The webhook of a topic: its own, or else the one for all. */
export const webhookFor = (webhooks: readonly Webhook[], topic: string): Webhook | undefined =>
  webhooks.find((webhook) => webhook.topic === topic) ?? webhooks.find((webhook) => webhook.topic === '*');

/** Nothing is sent before it is kicked. */
export function createCourier({ messages, webhooks, pauses = PAUSES, onTrouble }: CourierOptions): Courier {
  const underWay = new Set<Promise<void>>();
  const closing = new AbortController();
  let timer: NodeJS.Timeout | undefined;

  function kick(): void {
    clearTimeout(timer);
    if (closing.signal.aborted) return;
    while (underWay.size < AT_ONCE) {
      const message = messages.take(HOLD_MS);
      if (message === undefined) break;
      const sending = deliver(message)
        .catch(onTrouble)
        .finally(() => {
          underWay.delete(sending);
          kick();
        });
      underWay.add(sending);
    }
    const due = messages.nextDue();
    // With all hands full, the next to come back kicks.
    if (due === undefined || underWay.size >= AT_ONCE) return;
    timer = setTimeout(kick, Math.min(due, LONGEST_SLEEP_MS));
    timer.unref();
  }

  async function deliver(message: Message): Promise<void> {
    const webhook = webhookFor(webhooks, message.topic);
    if (webhook === undefined) return messages.failed(message.id, 'the topic has no webhook any more');
    const error = await post(webhook.url, message, closing.signal);
    if (error === undefined) messages.delivered(message.id);
    else if (closing.signal.aborted) messages.failed(message.id, 'the server was stopped', 0);
    else messages.failed(message.id, error, pauses[message.attempts - 1]);
  }

  return {
    kick,
    async stop() {
      clearTimeout(timer);
      closing.abort(new Error('the server is closing'));
      await Promise.all(underWay);
    },
  };
}

/** @returns what went wrong; `undefined` when the receiver took the message */
async function post(url: string, message: Message, closing: AbortSignal): Promise<string | undefined> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'ossite',
        'x-ossite-topic': toHeader(message.topic),
        'x-ossite-message-id': message.id,
        'x-ossite-task-id': message.task,
        'x-ossite-attempt': String(message.attempts),
      },
      body: message.body,
      // A redirect would let the receiver choose where the next connection goes.
      redirect: 'manual',
      signal: AbortSignal.any([closing, AbortSignal.timeout(ANSWER_MS)]),
    });
    await response.body?.cancel();
    return response.ok ? undefined : `the webhook answered ${response.status}`;
  } catch (error) {
    const { name, message: text, cause } = error as Error & { cause?: NodeJS.ErrnoException };
    if (name === 'TimeoutError') return `the webhook did not answer within ${ANSWER_MS / 1000} s`;
    // fetch itself only says that it failed; where several addresses were tried, its cause has a code and no words.
    return cause?.message || cause?.code || text;
  }
}
