/** How requests and tasks are told wherever they are listed. */
import type { Entry, TaskStatus } from '../api/types.ts';
import { words } from '../app/language.ts';
import { Badge, type Tone } from './basics.tsx';

const w = words(
  {
    cut: 'cut',
    states: { Queued: 'Queued', Running: 'Running', Succeeded: 'Succeeded', Failed: 'Failed', Canceled: 'Canceled' },
  },
  {
    cut: '连接中断',
    states: { Queued: '排队中', Running: '运行中', Succeeded: '成功', Failed: '失败', Canceled: '已取消' },
  },
);

/** A request that did not do what was asked; 304 and the like are answers. */
export const isError = ({ status }: Pick<Entry, 'status'>): boolean => status === 0 || status >= 400;

const toneOf = ({ status }: Pick<Entry, 'status'>): Tone =>
  status === 0 || status >= 500 ? 'bad' : status >= 400 ? 'warn' : status >= 300 ? 'plain' : 'ok';

/** `404 NoSuchKey` */
export const StatusBadge = ({ entry }: { readonly entry: Pick<Entry, 'status' | 'code'> }) => (
  <Badge tone={toneOf(entry)}>
    {entry.status === 0 ? w().cut : entry.status}
    {entry.code !== undefined && ` ${entry.code}`}
  </Badge>
);

const taskTones: Readonly<Record<TaskStatus, Tone>> = {
  Queued: 'plain',
  Running: 'busy',
  Succeeded: 'ok',
  Failed: 'bad',
  Canceled: 'plain',
};

export const taskState = (status: TaskStatus): string => w().states[status] ?? status;

export const TaskBadge = ({ status }: { readonly status: TaskStatus }) => (
  <Badge tone={taskTones[status] ?? 'plain'}>{taskState(status)}</Badge>
);

/** What a request is about: `demo/photo.jpg`, else its path. */
export const subjectOf = ({ bucket, key, path }: Pick<Entry, 'bucket' | 'key' | 'path'>): string =>
  bucket === undefined || bucket === ''
    ? path
    : [bucket, key].filter((part) => part !== undefined && part !== '').join('/');
