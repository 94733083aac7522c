/** What happens, told as it happens to whoever listens (GET /_ossite/events): server-sent events. */
import { Readable } from 'node:stream';

export interface Events {
  /** @param make called only when somebody listens */
  tell(event: string, make: () => unknown): void;
  /** A new listener's stream; `undefined` when there are as many as there may be. */
  listen(): Readable | undefined;
  /** Ends all streams. */
  close(): void;
}

export interface EventsOptions {
  /** Milliseconds between signs of life, so that nobody on the way takes the connection for dead. */
  readonly beatMs?: number;
  /** Bytes that wait for one slow reader; what would be more is left out, and how much that was is told. */
  readonly most?: number;
}

const MOST_LISTENERS = 100;

interface Listener {
  readonly stream: Readable;
  /** Events left out since the last one that went out. */
  missed: number;
}

/** Those of one namespace. */
export function createEvents({ beatMs = 15_000, most = 256 * 1024 }: EventsOptions = {}): Events {
  const listeners = new Set<Listener>();
  let beat: NodeJS.Timeout | undefined;

  function drop(listener: Listener): void {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(beat);
    beat = undefined;
  }

  function send(listener: Listener, text: string): void {
    const { stream } = listener;
    if (stream.readableLength + text.length > most) {
      listener.missed += 1;
      return;
    }
    if (listener.missed > 0) stream.push(format('missed', { count: listener.missed }));
    listener.missed = 0;
    stream.push(text);
  }

  return {
    tell(event, make) {
      if (listeners.size === 0) return;
      const text = format(event, make());
      for (const listener of listeners) send(listener, text);
    },
    listen() {
      if (listeners.size >= MOST_LISTENERS) return undefined;
      const listener: Listener = { stream: new Readable({ read() {} }), missed: 0 };
      listeners.add(listener);
      listener.stream.once('close', () => drop(listener));
      // Headers go out with the first bytes.
      listener.stream.push(': listening\n\n');
      beat ??= setInterval(() => {
        for (const one of listeners) if (one.stream.readableLength === 0) one.stream.push(': beat\n\n');
      }, beatMs).unref();
      return listener.stream;
    },
    close() {
      for (const { stream } of listeners) stream.push(null);
    },
  };
}

/** JSON has no line ends of its own. */
const format = (event: string, data: unknown): string => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
