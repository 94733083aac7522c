/** What a fault rule says, in words. */
import type { Fault } from '../api/types.ts';
import { words } from '../app/language.ts';
import { bytes, count, duration } from './numbers.ts';

const w = words(
  {
    every: 'every request',
    processing: 'processing',
    where: { op: '', bucket: 'bucket', key: 'key', action: 'action' },
    delay: (time: string) => `waits ${time}`,
    answers: (what: string) => `answers ${what}`,
    fails: (what: string) => `fails with ${what}`,
    truncates: (size: string) => `cuts the body after ${size}`,
    stalls: (size: string) => `stalls after ${size}`,
    resets: 'resets the connection',
    crc: 'sends a wrong CRC-64',
    times: (n: string) => `at most ${n} times`,
    once: 'once',
    chance: (percent: number) => `${percent} % of the time`,
    and: ', ',
  },
  {
    every: '所有请求',
    processing: '媒体处理',
    where: { op: '', bucket: '存储空间', key: '对象名', action: '处理操作' },
    delay: (time: string) => `延迟 ${time}`,
    answers: (what: string) => `返回 ${what}`,
    fails: (what: string) => `以 ${what} 失败`,
    truncates: (size: string) => `响应体发送 ${size} 后截断`,
    stalls: (size: string) => `响应体发送 ${size} 后停滞`,
    resets: '重置连接',
    crc: '返回错误的 CRC-64',
    times: (n: string) => `最多 ${n} 次`,
    once: '仅一次',
    chance: (percent: number) => `概率 ${percent}%`,
    and: '，',
  },
);

/** Whether it is about actions, in tasks and in requests alike. */
export const isOfProcessing = ({ op, action }: Fault): boolean => op === undefined && action !== undefined;

/** `GetObject · key *.jpg` */
export function scopeOf(rule: Fault): string {
  const { where, every, processing } = w();
  const named = (['op', 'bucket', 'key', 'action'] as const).flatMap((name) => {
    const value = rule[name];
    return value === undefined ? [] : [`${where[name]} ${value}`.trim()];
  });
  const told = isOfProcessing(rule) ? [processing, ...named] : named;
  return told.length === 0 ? every : told.join(' · ');
}

/** `waits 2 s, answers 503 ServiceUnavailable` */
export function effectOf(rule: Fault): string {
  const { delayMs, status, code, truncateAfter, stallAfter, reset, corruptCrc } = rule;
  const answer = [status, code].filter((part) => part !== undefined).join(' ');
  const told = [
    delayMs !== undefined && w().delay(duration(delayMs)),
    answer !== '' && (isOfProcessing(rule) ? w().fails(answer) : w().answers(answer)),
    truncateAfter !== undefined && w().truncates(bytes(truncateAfter)),
    stallAfter !== undefined && w().stalls(bytes(stallAfter)),
    reset === true && w().resets,
    corruptCrc === true && w().crc,
  ];
  return told.filter((part) => part !== false).join(w().and);
}

/** `at most 3 times, 30 % of the time`; empty for always. */
export function limitsOf({ times, probability }: Fault): string {
  const told = [
    times !== undefined && (times === 1 ? w().once : w().times(count(times))),
    probability !== undefined && w().chance(Math.round(probability * 1000) / 10),
  ];
  return told.filter((part) => part !== false).join(w().and);
}
