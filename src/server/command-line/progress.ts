import type { WriteStream } from 'node:tty';

const WIDTH = 30;

/** A bar on the line the cursor is in, on a terminal; nowhere else. */
export function progressBar(stream: Pick<WriteStream, 'isTTY' | 'write'>): {
  show(percent: number): void;
  clear(): void;
} {
  let shown = false;
  return {
    show(percent) {
      if (!stream.isTTY) return;
      shown = true;
      const done = Math.round((WIDTH * Math.min(100, Math.max(0, percent))) / 100);
      stream.write(`\r[${'='.repeat(done)}${' '.repeat(WIDTH - done)}] ${String(Math.round(percent)).padStart(3)} %`);
    },
    clear() {
      // Back to the line's start, and erase to its end.
      if (shown) stream.write('\r\u001b[K');
    },
  };
}
