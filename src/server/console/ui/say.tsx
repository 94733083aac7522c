/** Short notices at the edge of the page, read out by screen readers. */
import { signal } from '@preact/signals';

interface Notice {
  readonly id: number;
  readonly text: string;
  readonly tone: 'ok' | 'bad';
}

const notices = signal<readonly Notice[]>([]);
let last = 0;

/** Says something. It goes by itself; mistakes stay longer. */
export function say(text: string, tone: Notice['tone'] = 'ok'): void {
  last += 1;
  const id = last;
  notices.value = [...notices.value, { id, text, tone }];
  setTimeout(
    () => {
      notices.value = notices.value.filter((one) => one.id !== id);
    },
    tone === 'ok' ? 3000 : 9000,
  );
}

/** Does something, and says what went wrong if it does. @returns whether it was done */
export async function attempt(work: () => Promise<unknown>, done?: string): Promise<boolean> {
  try {
    await work();
  } catch (error) {
    say((error as Error).message, 'bad');
    return false;
  }
  if (done !== undefined) say(done);
  return true;
}

export const Notices = () => (
  <div class="notices" role="status" aria-live="polite">
    {notices.value.map(({ id, text, tone }) => (
      <p key={id} class={tone}>
        {text}
      </p>
    ))}
  </div>
);
