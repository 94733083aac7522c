import { expect, it } from 'vitest';
import { fixture, saveas } from '../helpers/ossite.ts';
import { ownServer } from '../helpers/own-server.ts';

const server = await ownServer({ buckets: ['media'] });

/** Values by name and labels, as Prometheus reads them. */
async function scrape(): Promise<ReadonlyMap<string, number>> {
  const { status, text, headers } = await server.request('get', '/_ossite/metrics');
  expect([status, headers['content-type']]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]),
  );
}

it('counts what happened before it was first asked, and after', async () => {
  await server.put('media', 'photo.jpg', fixture('photo.jpg'));
  await server.put('media', 'clip.mp4', fixture('clip.mp4'));
  await server.get('media', 'none');
  const process = () => server.processed('media', 'photo.jpg', 'image/resize,w_10');
  await process();
  const first = await scrape();
  expect(Object.fromEntries(first)).toMatchObject({
    'ossite_requests_total{op="PutObject",status="200"}': 2,
    'ossite_requests_total{op="GetObject",status="404"}': 1,
    'ossite_requests_total{op="GetProcessedObject",status="200"}': 1,
    'ossite_request_duration_seconds_count{op="PutObject"}': 2,
    'ossite_engine_runs_total{family="image",outcome="ok"}': 1,
    'ossite_engine_run_duration_seconds_count{family="image"}': 1,
    'ossite_result_cache_total{result="miss"}': 1,
  });
  const sent = fixture('photo.jpg').length + fixture('clip.mp4').length;
  expect(first.get('ossite_request_bytes_total{direction="in"}')).toBe(sent);
  expect(first.get('ossite_request_bytes_total{direction="out"}')).toBeGreaterThan(500);
  // A result is kept beside the answer: it may not be there yet.
  const hits = async () => (await process()) && (await scrape()).get('ossite_result_cache_total{result="hit"}');
  await expect.poll(hits).toBeGreaterThan(0);

  const copy = `video/convert,f_mkv,vcodec_copy,acodec_copy${saveas('a.mkv')}`;
  await server.converted('media', 'clip.mp4', copy);
  await server.converted('media', 'clip.mp4', `video/convert,f_webm${saveas('never.webm')}`);
  expect(Object.fromEntries(await scrape())).toMatchObject({
    'ossite_tasks{state="Succeeded"}': 1,
    'ossite_tasks{state="Failed"}': 1,
    'ossite_engine_runs_total{family="video",outcome="ok"}': 1,
    'ossite_engine_runs_total{family="video",outcome="failed"}': 1,
    'ossite_requests_total{op="AsyncProcessObject",status="200"}': 2,
  });
});

it('labels are operations, never what a client chose', async () => {
  for (const path of ['/media/a?evil', '/no-such-bucket/b', '/media/c?acl&tagging', '/%ff'])
    await server.request('get', path);
  const text = [...(await scrape()).keys()].join('\n');
  for (const word of ['evil', 'no-such', 'tagging', '%ff']) expect(text).not.toContain(word);
});

it('a call of IMM that does not exist is no label', async () => {
  await server.request('get', '/?Action=MadeUp&Version=2020-09-30');
  expect([...(await scrape()).keys()].join('\n')).not.toContain('MadeUp');
});

it('several instances in one process share nothing', async () => {
  const { startOssite } = await import('../../src/server/index.ts');
  const other = await startOssite({ port: 0, storage: 'memory', log: 'silent' });
  const text = await (await fetch(`${other.endpoint}/_ossite/metrics`)).text();
  expect(text).toContain('# TYPE ossite_requests_total counter');
  expect(text).not.toContain('op="PutObject"');
  await other.close();
});
