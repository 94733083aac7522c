/** What `sys/notify` said of a task, as it is said. */
import { useEffect } from 'preact/hooks';
import { onMessage } from '../../api/live.ts';
import { isOver, messagesOf } from '../../api/tasks.ts';
import type { Message, Task } from '../../api/types.ts';
import { Badge, Code, Moment, Shown, type Tone } from '../../ui/basics.tsx';
import { useLoaded } from '../../ui/use.ts';
import { w } from './words.ts';

const tones: Readonly<Record<string, Tone>> = { Kept: 'plain', Pending: 'busy', Delivered: 'ok', Failed: 'bad' };

export function Messages({ of }: { readonly of: Task }) {
  const { TaskId: task } = of;
  const isDue = of.Process.includes('/notify,') && !isOver(of);
  const loaded = useLoaded((signal) => messagesOf(task, signal), [task]);
  const { reload } = loaded;
  useEffect(() => onMessage(({ TaskId }) => TaskId === task && reload()), [task, reload]);
  return (
    <section class="card" aria-label={w().messages}>
      <h2>{w().messages}</h2>
      <Shown loaded={loaded}>
        {(messages) =>
          messages.length === 0 ? (
            <p class="soft">{isDue ? w().messagesLater : w().noMessages}</p>
          ) : (
            <ul class="messages">
              {messages.map((message) => (
                <One key={message.MessageId} message={message} />
              ))}
            </ul>
          )
        }
      </Shown>
    </section>
  );
}

const states = (state: string): string => {
  const known: Readonly<Record<string, string>> = w().messageStates;
  return known[state] ?? state;
};

const One = ({ message: { Topic, State, Attempts, LastError, Created, Body } }: { readonly message: Message }) => (
  <li>
    <p class="told">
      <Badge tone={tones[State] ?? 'plain'}>{states(State)}</Badge>
      <span>
        {w().topic} <strong>{Topic}</strong>
      </span>
      <span class="soft">
        <Moment at={Created} />
        {Attempts > 0 && ` · ${w().deliveries(Attempts)}`}
      </span>
    </p>
    {LastError !== '' && <p class="bad-text">{LastError}</p>}
    <details>
      <summary>{w().body}</summary>
      <Code text={JSON.stringify(Body, null, 2)} label={w().body} />
    </details>
  </li>
);
