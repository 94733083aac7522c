/** How messages get to their webhooks: again and again, in the end, and nowhere else. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCourier } from '../../src/server/courier.ts';
import { type Ossite, startOssite } from '../../src/server/index.ts';
import { openStore } from '../../src/store/store.ts';
import { messages, settled } from '../helpers/messages.ts';
import { b64, fixture, frontDoor } from '../helpers/ossite.ts';
import { type Receiver, startReceiver } from '../helpers/receiver.ts';

let others: Receiver;
let moody: Receiver;
let silent: Receiver;
let ossite: Ossite;
let door: ReturnType<typeof frontDoor>;
/** A task whose webhook does not answer, submitted first: its time-out passes while the other tests run. */
let unanswered: string;

/** A cheap task: it fails, for want of a mark. */
const unmarked = 'image/deblindwatermark,s_low,t_text|sys';
const notify = (topic: string) => `/notify,topic_${b64(topic)}`;

async function submit(process: string, key: string): Promise<string> {
  const { status, text } = await door.submitted('media', key, process);
  if (status !== 200) throw new Error(text);
  return (JSON.parse(text) as { TaskId: string }).TaskId;
}

beforeAll(async () => {
  others = await startReceiver();
  const moods = [500, { location: `${others.url}/elsewhere` }, 200] as const;
  moody = await startReceiver(({ headers }) => moods[Number(headers['x-ossite-attempt']) - 1] ?? 204);
  silent = await startReceiver(({ headers }) => (headers['x-ossite-attempt'] === '1' ? 'hang' : 204));
  ossite = await startOssite({
    port: 0,
    storage: 'memory',
    log: 'error',
    buckets: ['media'],
    notify: [`moody=${moody.url}`, `silent=${silent.url}`, 'deaf=http://127.0.0.1:1', `*=${others.url}`],
  });
  door = frontDoor(ossite.endpoint);
  await door.put('media', 'marked.jpg', fixture('marked.jpg'));
  const plain = sharp({ create: { width: 80, height: 80, channels: 3, background: '#888' } });
  await door.put('media', 'tiny.png', await plain.png().toBuffer());
  unanswered = await submit(`${unmarked}${notify('silent')}`, 'tiny.png');
});
afterAll(async () => {
  await ossite.close();
  for (const receiver of [others, moody, silent]) await receiver.close();
});

describe('delivery', () => {
  it('a topic without a webhook of its own goes to the one for all, whatever its name', async () => {
    const before = others.received.length;
    await settled(door, await submit(`${unmarked}${notify('主题 x')}`, 'tiny.png'));
    const header = others.received[before]?.headers['x-ossite-topic'] ?? '';
    expect(Buffer.from(String(header), 'latin1').toString('utf8')).toBe('主题 x');
  });

  it('is tried again until the webhook takes it, and follows no redirect', async () => {
    const message = await settled(door, await submit(`${unmarked}${notify('moody')}`, 'tiny.png'));
    expect(message).toMatchObject({ State: 'Delivered', Attempts: 3, LastError: '' });
    const ids = moody.received.map(({ headers }) => headers['x-ossite-message-id']);
    expect(ids).toEqual([message.MessageId, message.MessageId, message.MessageId]);
    expect(others.received.some(({ path }) => path === '/elsewhere')).toBe(false);
  });

  it('that fails never fails the task', async () => {
    const task = await submit(`image/deblindwatermark,s_medium,t_text|sys${notify('deaf')}`, 'marked.jpg');
    expect(await door.finished(task)).toMatchObject({ Status: 'Succeeded', Warnings: [] });
    const [one] = await messages(door, `task=${task}`);
    expect(one?.State).toBe('Pending');
  });

  it('does not wait for ever for an answer', async () => {
    expect(await settled(door, unanswered)).toMatchObject({ State: 'Delivered', Attempts: 2 });
  });

  it('is given up after the last attempt, with its error', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'ossite-courier-'));
    const refusing = await startReceiver(() => 503);
    const body = JSON.stringify({ content: '{}' });
    const store = await openStore(dir, { messageOf: () => ({ topic: 't', body, send: true }) });
    const courier = createCourier({
      messages: store.messages,
      webhooks: [{ topic: 't', url: refusing.url }],
      pauses: [1, 1],
      onTrouble: expect.fail,
    });
    store.tasks.enqueue({ eventId: 'e', requestId: 'r', type: 'T', bucket: 'b', key: 'k', process: 'p' });
    const claim = store.tasks.claim(1000) ?? expect.fail('no task');
    store.tasks.finish(claim, { state: 'Succeeded', outputs: [], result: '' });
    courier.kick();
    await refusing.got(3);
    await expect
      .poll(() => store.messages.list({ limit: 1 })[0])
      .toMatchObject({
        state: 'Failed',
        attempts: 3,
        lastError: 'the webhook answered 503',
        delivered: undefined,
      });
    await courier.stop();
    await store.close();
    expect(refusing.received).toHaveLength(3);
    await refusing.close();
    rmSync(dir, { recursive: true });
  });
});
