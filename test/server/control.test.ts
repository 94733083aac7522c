import { beforeAll, describe, expect, it } from 'vitest';
import {
  converted,
  finished,
  fixture,
  freshBucket,
  put,
  request,
  saveas,
  submitted,
  type Task,
} from '../helpers/ossite.ts';

const json = async (path: string, method: 'get' | 'post' = 'get') => {
  const answer = await request(method, `/_ossite/${path}`);
  expect(answer.headers['content-type']).toBe('application/json');
  return { status: answer.status, body: JSON.parse(answer.text) as Record<string, unknown> };
};

let bucket: string;
beforeAll(async () => {
  bucket = await freshBucket();
  await put(bucket, 'clip.mp4', fixture('clip.mp4'));
});

describe('the control API', () => {
  it('live and ready', async () => {
    expect(await json('live')).toEqual({ status: 200, body: { live: true } });
    expect(await json('ready')).toEqual({ status: 200, body: { ready: true } });
  });

  it('info tells engines and settings, and no secret', async () => {
    const { body } = await json('info');
    expect(body).toMatchObject({ region: 'cn-hangzhou', settings: { 'access-keys': ['ossite'], auth: 'lenient' } });
    for (const engine of ['sharp', 'libvips', 'ffmpeg', 'ffprobe', 'soffice', 'pdftoppm']) {
      expect((body.engines as Record<string, { version: string }>)[engine]?.version).toMatch(/^\d/);
    }
    expect(JSON.stringify(body)).not.toContain('ossite-secret');
  });

  it('operations come from the registry, with ranges and fidelity', async () => {
    const { body } = await json('operations');
    const operations = body.operations as {
      family: string;
      name: string;
      fidelity: string;
      parameters: { name: string; max?: number }[];
    }[];
    const resize = operations.find(({ family, name }) => family === 'image' && name === 'resize');
    expect(resize?.parameters.find(({ name }) => name === 'w')).toMatchObject({ max: 16384 });
    expect(new Set(operations.map(({ fidelity }) => fidelity))).toEqual(new Set(['full', 'approximate', 'refused']));
  });

  it('operations tell all that a form for them needs', async () => {
    const { body } = await json('operations');
    const operations = body.operations as Readonly<Record<string, unknown>>[];
    const of = (family: string, name: string) => operations.find((one) => one.family === family && one.name === name);
    const parameter = (family: string, name: string, key: string) =>
      (of(family, name)?.parameters as { name: string }[] | undefined)?.find((one) => one.name === key);
    expect(parameter('image', 'resize', 'w')).toMatchObject({ type: 'number', min: 1, integer: true, required: false });
    expect(parameter('image', 'watermark', 'text')).toMatchObject({ type: 'text', base64: true });
    expect(parameter('image', 'watermark', 'color')).toMatchObject({ type: 'color', default: '000000' });
    expect(parameter('video', 'convert', 'ss')).toMatchObject({
      type: 'number',
      integer: true,
      unit: 'ms',
      default: 0,
    });
    expect(parameter('video', 'convert', 'fps')).not.toHaveProperty('integer');
    expect(parameter('doc', 'convert', 'pages')).toMatchObject({ type: 'pages' });
    expect(of('video', 'concat')).toMatchObject({
      takes: ['video'],
      modes: ['async'],
      clauses: { pre: expect.any(Array) },
    });
    expect(of('image', 'info')).toMatchObject({ takes: ['image'], alone: true });
    expect(of('hls', 'ts')).toMatchObject({ getOnly: true });
    for (const one of operations.filter(({ fidelity }) => fidelity !== 'refused')) {
      if (one.family !== 'sys') expect(one.takes).toEqual(expect.arrayContaining([expect.any(String)]));
      for (const told of one.parameters as Readonly<Record<string, unknown>>[]) {
        expect(told.expected, `${one.family}/${one.name} ${told.name}`).toEqual(expect.stringMatching(/\w/));
        if (told.type === 'number') expect([typeof told.min, typeof told.max]).toEqual(['number', 'number']);
        if (told.type === 'choice') expect(told.choices).toEqual(expect.arrayContaining([expect.any(String)]));
      }
    }
  });

  it.each([
    ['nothing', 'get', 404, 'NotFound'],
    ['tasks/nope', 'get', 404, 'NoSuchTask'],
    ['tasks/nope/cancel', 'post', 404, 'NoSuchTask'],
    ['tasks?state=Lost', 'get', 400, 'InvalidArgument'],
    ['tasks?limit=many', 'get', 400, 'InvalidArgument'],
    ['tasks?limit=1.5', 'get', 400, 'InvalidArgument'],
    ['messages?limit=1.5', 'get', 400, 'InvalidArgument'],
    ['messages?limit=1001', 'get', 400, 'InvalidArgument'],
    ['live', 'post', 405, 'MethodNotAllowed'],
  ] as const)('%s (%s) is %i', async (path, method, status, code) => {
    const answer = await json(path, method);
    expect([answer.status, (answer.body.error as { code: string }).code]).toEqual([status, code]);
  });
});

describe('tasks', () => {
  const copy = (key: string) => `video/convert,f_mkv,zz_1${saveas(key)}`;

  it('are listed newest first, by state and bucket, with warnings', async () => {
    const task = await converted(bucket, 'clip.mp4', copy('a.mkv'));
    expect(task).toMatchObject({
      Status: 'Succeeded',
      Warnings: ['video/convert has no parameter zz; it was ignored'],
      Attempts: 1,
    });
    const { body } = await json(`tasks?bucket=${bucket}&state=Succeeded&limit=1`);
    expect((body.tasks as Task[]).map(({ TaskId }) => TaskId)).toEqual([task.TaskId]);
    expect((await json(`tasks?bucket=${bucket}&state=Failed`)).body.tasks).toEqual([]);
  });

  it('a failed clip is a failed task', async () => {
    const task = await converted(bucket, 'clip.mp4', `video/convert,f_webm${saveas('never.webm')}`);
    expect(task).toMatchObject({ Status: 'Failed', Code: 'InvalidArgument', Outputs: [] });
  });

  it('can be canceled while they run or wait', async () => {
    const answer = await submitted(
      bucket,
      'clip.mp4',
      `video/convert,f_mp4,vcodec_vp9,s_1920x1080,crf_20${saveas('canceled.mp4')}`,
    );
    const { TaskId } = JSON.parse(answer.text) as { TaskId: string };
    expect((await json(`tasks/${TaskId}/cancel`, 'post')).status).toBe(200);
    expect(await finished(TaskId)).toMatchObject({ Status: 'Canceled', Outputs: [] });
    expect((await json(`tasks/${TaskId}/cancel`, 'post')).status).toBe(409);
    expect((await request('head', `/${bucket}/canceled.mp4`)).status).toBe(404);
  });

  it('wait gives up after its seconds', async () => {
    const answer = await submitted(
      bucket,
      'clip.mp4',
      `video/convert,f_mp4,vcodec_vp9,s_1920x1080,crf_20${saveas('slow.mp4')}`,
    );
    const { TaskId } = JSON.parse(answer.text) as { TaskId: string };
    const began = Date.now();
    const { body } = await json(`tasks/${TaskId}?wait=0.2`);
    expect(Date.now() - began).toBeLessThan(3000);
    expect(['Queued', 'Running']).toContain((body as unknown as Task).Status);
    await json(`tasks/${TaskId}/cancel`, 'post');
  });
});
