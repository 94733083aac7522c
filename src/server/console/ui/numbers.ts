/** Numbers as people read them. */
import { language } from '../app/language.ts';
import { common } from './words.ts';

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** `1.5 MiB` */
export function bytes(count: number): string {
  let [value, unit] = [count, 0];
  while (value >= 1024 && unit < UNITS.length - 1) [value, unit] = [value / 1024, unit + 1];
  const digits = unit === 0 || value >= 100 ? 0 : 1;
  return `${value.toFixed(digits)} ${UNITS[unit]}`;
}

/** `12 ms`, `3.4 s`, `2 min 5 s` */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
}

/** `12,345` */
export const count = (n: number): string => n.toLocaleString(language.value);

/** Short where it was a moment ago, the hour where it was today, else the day too. */
export function moment(iso: string, now = Date.now()): string {
  const then = new Date(iso);
  const seconds = Math.round((now - then.getTime()) / 1000);
  const w = common();
  if (seconds >= 0 && seconds < 5) return w.now;
  if (seconds >= 0 && seconds < 60) return w.secondsAgo(seconds);
  if (seconds >= 0 && seconds < 3600) return w.minutesAgo(Math.floor(seconds / 60));
  const isToday = then.toDateString() === new Date(now).toDateString();
  return isToday ? then.toLocaleTimeString(language.value) : then.toLocaleString(language.value);
}
