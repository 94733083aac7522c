/** What happens on the server, as it happens: one stream for all screens. */
import { effect, signal } from '@preact/signals';
import { controlUrl, namespace, read } from './control.ts';
import type { Entry, Message, Task } from './types.ts';

/** Whether the server can be heard. */
export const connected = signal<boolean | undefined>(undefined);

/** The last requests, newest first; the console's own are among them. */
export const requests = signal<readonly Entry[]>([]);

/** The last tasks, newest first. */
export const tasks = signal<readonly Task[]>([]);

/** Counts up with every reset, and whenever what was seen may be stale: screens load again. */
export const epoch = signal(0);

type Listener = (message: Message) => void;
const listeners = new Set<Listener>();

/** Tells of messages of `sys/notify`. @returns what ends it */
export function onMessage(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

const MOST_REQUESTS = 1000;
const MOST_TASKS = 500;

/** Puts what is new before what is known; what is known already is replaced where it stands. */
function merged<T>(known: readonly T[], fresh: T, same: (a: T, b: T) => boolean, most: number): readonly T[] {
  const at = known.findIndex((one) => same(one, fresh));
  return at < 0 ? [fresh, ...known].slice(0, most) : known.with(at, fresh);
}

/** Reads all anew: at the start, after a gap, after a reset. */
export async function reload(): Promise<void> {
  const [journal, list] = await Promise.all([
    read<{ readonly requests: readonly Entry[] }>('requests', { limit: MOST_REQUESTS }),
    read<{ readonly tasks: readonly Task[] }>('tasks', { limit: MOST_TASKS }),
  ]);
  requests.value = journal.requests;
  tasks.value = list.tasks;
}

/** What screens have loaded may be stale as well. */
const reloadAll = () =>
  void reload().then(
    () => {
      epoch.value += 1;
    },
    () => {},
  );

let source: EventSource | undefined;

function listen(): void {
  source?.close();
  const stream = new EventSource(controlUrl('events'));
  source = stream;
  const on = <T>(event: string, take: (data: T) => void) =>
    stream.addEventListener(event, (message) => take(JSON.parse((message as MessageEvent<string>).data) as T));
  let opened = false;
  stream.onopen = () => {
    // What is shown at first is being loaded anyway, unless the server was not there to be asked.
    const isBack = opened || connected.value === false;
    connected.value = true;
    if (isBack) reloadAll();
    else reload().catch(() => {});
    opened = true;
  };
  stream.onerror = () => {
    connected.value = false;
    // A stream that was refused, not cut, does not come back by itself.
    if (stream.readyState === EventSource.CLOSED) setTimeout(() => source === stream && listen(), 2000);
  };
  on<Entry>('request', (entry) => {
    requests.value = merged(requests.value, entry, (a, b) => a.seq === b.seq, MOST_REQUESTS);
  });
  on<Task>('task', (task) => {
    tasks.value = merged(tasks.value, task, (a, b) => a.TaskId === b.TaskId, MOST_TASKS);
  });
  on<Message>('message', (message) => {
    for (const listener of listeners) listener(message);
  });
  on('missed', reloadAll);
  on('reset', reloadAll);
  on('cleared', () => {
    requests.value = [];
  });
}

/** Begins to listen; another namespace is another stream. */
export function start(): void {
  let heard: string | undefined;
  effect(() => {
    const now = namespace();
    if (now === heard) return;
    heard = now;
    listen();
  });
}
