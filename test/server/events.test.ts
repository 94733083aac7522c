import { connect, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createEvents } from '../../src/server/events.ts';
import { fixture, saveas } from '../helpers/ossite.ts';
import { ownServer } from '../helpers/own-server.ts';

const server = await ownServer({ buckets: ['media'] });
await server.put('media', 'clip.mp4', fixture('clip.mp4'));

interface Event {
  readonly event: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Listens, does something, and gives what was told until `enough`. */
async function told(work: () => Promise<unknown>, enough: (events: readonly Event[]) => boolean) {
  const leaving = new AbortController();
  const answer = await fetch(`${server.ossite.endpoint}/_ossite/events`, { signal: leaving.signal });
  expect(answer.headers.get('content-type')).toBe('text/event-stream');
  const events: Event[] = [];
  const worked = work();
  let text = '';
  for await (const chunk of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += chunk;
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const [, event, data] = /^event: (\w+)\ndata: (.*)$/.exec(block) ?? [];
      if (event !== undefined && data !== undefined) events.push({ event, data: JSON.parse(data) as Event['data'] });
    }
    if (enough(events)) break;
  }
  leaving.abort();
  await worked;
  return events;
}

describe('events', () => {
  it('tell of requests as the journal does, and not of control requests', async () => {
    const work = async () => {
      await server.control('get', 'info');
      await server.get('media', 'none');
      await server.head('media', 'clip.mp4');
    };
    const events = await told(work, (all) => all.length === 2);
    expect(events).toMatchObject([
      { event: 'request', data: { op: 'GetObject', key: 'none', status: 404, code: 'NoSuchKey', complete: true } },
      { event: 'request', data: { op: 'HeadObject', key: 'clip.mp4', status: 200, complete: true } },
    ]);
    const { requests } = await server.control<{ requests: object[] }>('get', 'requests?limit=2');
    expect(requests.reverse()).toEqual(events.map(({ data }) => data));
  });

  it('tell of a task from its beginning to its message', async () => {
    const process = `video/convert,f_mp4,vcodec_h264,s_1280x720${saveas('out.mp4')}|sys/notify,topic_dG9waWM`;
    const events = await told(
      () => server.converted('media', 'clip.mp4', process),
      (all) => all.some(({ event }) => event === 'message'),
    );
    const states = events.flatMap(({ event, data }) => (event === 'task' ? [data.Status] : []));
    expect([...new Set(states)]).toEqual(['Queued', 'Running', 'Succeeded']);
    const progress = events.flatMap(({ event, data }) => (event === 'task' ? [Number(data.Progress)] : []));
    expect(progress).toEqual([...progress].sort((a, b) => a - b));
    expect(progress.at(-1)).toBe(100);
    expect(events.at(-1)).toMatchObject({ event: 'message', data: { Topic: 'topic', State: 'Kept' } });
  });

  it('tell that what was seen is gone: of one bucket, of all, of the journal', async () => {
    const work = async () => {
      await server.control('post', 'reset', { buckets: ['other'] });
      await server.control('delete', 'requests');
      await server.control('post', 'reset');
      await server.put('media', 'clip.mp4', fixture('clip.mp4'));
    };
    const events = await told(work, (all) => all.some(({ event }) => event === 'request'));
    expect(events.slice(0, 3)).toEqual([
      { event: 'reset', data: { buckets: ['other'] } },
      { event: 'cleared', data: {} },
      { event: 'reset', data: {} },
    ]);
  });

  it('of a task that is canceled', async () => {
    const process = `video/convert,f_mp4,vcodec_vp9,s_1920x1080,crf_20${saveas('out.mp4')}`;
    const work = async () => {
      const { TaskId } = JSON.parse((await server.submitted('media', 'clip.mp4', process)).text) as { TaskId: string };
      await server.control('post', `tasks/${TaskId}/cancel`);
    };
    const events = await told(work, (all) => all.some(({ data }) => data.Status === 'Canceled'));
    expect(events.at(-1)).toMatchObject({ event: 'task', data: { Status: 'Canceled' } });
  });

  it('readers that read nothing hold nobody up, and too many are told so', async () => {
    const sockets: Socket[] = [];
    const listen = () =>
      new Promise<string>((resolve) => {
        const socket = connect(Number(new URL(server.ossite.endpoint).port), '127.0.0.1');
        sockets.push(socket);
        socket.write('GET /_ossite/events HTTP/1.1\r\nHost: localhost\r\n\r\n');
        socket.once('data', (chunk: Buffer) => {
          socket.pause();
          resolve(chunk.toString().split('\r\n', 1)[0] ?? '');
        });
      });
    const statuses = await Promise.all(Array.from({ length: 101 }, listen));
    expect(statuses.filter((line) => line.includes('200'))).toHaveLength(100);
    expect(statuses.filter((line) => line.includes('429'))).toHaveLength(1);
    for (let i = 0; i < 200; i += 1) await server.head('media', 'clip.mp4');
    for (const socket of sockets) socket.destroy();
    await expect
      .poll(
        async () =>
          (
            await told(
              () => server.head('media', 'x'),
              (all) => all.length > 0,
            )
          ).length,
      )
      .toBe(1);
  });

  it('the server closes though somebody listens', async () => {
    const { startOssite } = await import('../../src/server/index.ts');
    const other = await startOssite({ port: 0, storage: 'memory', log: 'silent' });
    const answer = await fetch(`${other.endpoint}/_ossite/events`);
    await other.close();
    expect(await answer.text()).toBe(': listening\n\n');
  });
});

describe('a listener', () => {
  it('that is slow gets what there is room for, and how much it missed', async () => {
    const events = createEvents({ most: 300 });
    const stream = events.listen();
    if (stream === undefined) throw new Error('nobody may listen');
    stream.setEncoding('utf8');
    for (let i = 0; i < 100; i += 1) events.tell('request', () => ({ i }));
    expect(stream.readableLength).toBeLessThanOrEqual(300);
    const first = String(stream.read());
    events.tell('request', () => ({ i: 100 }));
    events.close();
    let rest = '';
    for await (const chunk of stream) rest += String(chunk);
    const got = [...first.matchAll(/data: \{"i":(\d+)/g)].length;
    expect(rest).toBe(`event: missed\ndata: {"count":${100 - got}}\n\nevent: request\ndata: {"i":100}\n\n`);
  });

  it('gets signs of life', async () => {
    const events = createEvents({ beatMs: 5 });
    const stream = events.listen();
    const chunks: string[] = [];
    for await (const chunk of stream ?? []) {
      chunks.push(String(chunk));
      if (chunks.length === 3) break;
    }
    expect(chunks).toEqual([': listening\n\n', ': beat\n\n', ': beat\n\n']);
  });

  it('costs nothing when there is none', () => {
    createEvents().tell('request', () => {
      throw new Error('made for nobody');
    });
  });
});
