/**
 * The requests of the page the product starts from (help page "sys/saveas"), sent as they are printed there: path, Host,
 * headers and body to the letter, misspelt names included. Only Content-Length is the body's own.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, ensureBucket, finished, fixture, get, put, request } from '../helpers/ossite.ts';

const V4 =
  'OSS4-HMAC-SHA256 Credential=LTAI********************/20250417/cn-hangzhou/oss/aliyun_v4_request,Signature=a7c3554c729d71929e0b84489addee6b2e8d5cb48595adfc51868c299c0c218e';

const dir = mkdtempSync(join(tmpdir(), 'ossite-page-'));
afterAll(() => rmSync(dir, { recursive: true }));

const send = (path: string, host: string, body: string) =>
  request('post', path, { body, headers: { host, date: 'Fri, 28 Oct 2022 06:40:10 GMT', authorization: V4 } });

async function outcome(answer: Answer) {
  expect(answer.status, answer.text).toBe(200);
  expect(answer.headers['content-type']).toBe('application/json;charset=utf-8');
  const ids = JSON.parse(answer.text) as Record<string, string>;
  expect(Object.keys(ids)).toEqual(['EventId', 'RequestId', 'TaskId']);
  expect(ids.EventId).toMatch(/^[0-9A-F]{3}-[0-9A-Za-z]{27}$/);
  expect(ids.RequestId).toMatch(/^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/);
  return finished(ids.TaskId as string);
}

const putStyle = (bucket: string, content: string) =>
  request('put', `/${bucket}?style&styleName=examplestyle`, { body: `<Style><Content>${content}</Content></Style>` });

function probe(bytes: Buffer, name: string) {
  const file = join(dir, name);
  writeFileSync(file, bytes);
  const out = execFileSync('ffprobe', [
    '-v',
    'error',
    '-show_streams',
    '-show_format',
    '-count_frames',
    '-of',
    'json',
    file,
  ]);
  return JSON.parse(out.toString()) as {
    streams: Record<string, string | number>[];
    format: { format_name: string; duration: string };
  };
}

describe('images', () => {
  const host = 'oss-example.oss.aliyuncs.com';
  beforeAll(async () => {
    await Promise.all([ensureBucket('oss-example'), ensureBucket('test')]);
    await put('oss-example', 'ObjectName', fixture('photo.jpg'), { 'content-type': 'image/jpeg' });
    await putStyle('oss-example', 'image/resize,w_120');
  });

  it.each([
    ['processing parameters', 'x-oss-process=image/resize,w_100|sys/saveas,o_dGVzdC5qcGc,b_dGVzdA', 100],
    ['style', 'x-oss-process=style/examplestyle|sys/saveas,o_dGVzdC5qcGc,b_dGVzdA', 120],
  ])('using %s', async (_, body, width) => {
    const answer = await send('/ObjectName?x-oss-process', host, body);
    const saved = await get('test', 'test.jpg');
    expect(answer.text).toBe(
      `{\n    "bucket": "test",\n    "fileSize": ${saved.bytes.length},\n    "object": "test.jpg",\n    "status": "OK"}`,
    );
    expect([answer.status, answer.headers['content-type'], answer.headers['x-oss-hash-crc64ecma']]).toEqual([
      200,
      'application/json',
      undefined,
    ]);
    expect(await sharp(saved.bytes).metadata()).toMatchObject({ format: 'jpeg', width });
    expect(saved.headers['content-type']).toBe('image/jpeg');
  });
});

describe('documents', () => {
  const host = 'doc-demo.oss-cn-hangzhou.aliyuncs.com';
  beforeAll(async () => {
    await Promise.all([ensureBucket('doc-demo'), ensureBucket('test-bucket')]);
    await put('doc-demo', 'exmaple.docx', fixture('report.docx'));
    await putStyle('doc-demo', 'doc/convert,target_png,source_docx');
  });

  it.each([
    ['processing parameters', 'doc/convert,target_png,source_docx'],
    ['a style', 'style/examplestyle'],
  ])('DOCX to PNG, using %s', async (_, process) => {
    const body = `x-oss-async-process=${process}|sys/saveas,b_dGVzdC1idWNrZXQ,o_ZG9jX2ltYWdlcy97aW5kZXh9LnBuZw`;
    const task = await outcome(await send('/exmaple.docx?x-oss-async-process', host, body));
    expect(task).toMatchObject({
      Status: 'Succeeded',
      Code: '',
      Message: '',
      Progress: 100,
      TaskType: 'OfficeConversion',
    });
    expect(task.Outputs.map(({ Bucket, Key }) => `${Bucket}/${Key}`)).toEqual([
      'test-bucket/doc_images/1.png',
      'test-bucket/doc_images/2.png',
    ]);
    for (const { Key, Size } of task.Outputs) {
      const { bytes, headers } = await get('test-bucket', Key);
      expect([bytes.length, headers['content-type']]).toEqual([Size, 'image/png']);
      const { format, width = 0, height = 0 } = await sharp(bytes).metadata();
      // A4 at 96 dots per inch, and not an empty page.
      expect([format, Math.abs(width - 794) <= 1, Math.abs(height - 1123) <= 1]).toEqual(['png', true, true]);
      expect((await sharp(bytes).stats()).channels[0]?.stdev).toBeGreaterThan(5);
    }
  });
});

describe('videos', () => {
  const host = 'video-demo.oss-cn-hangzhou.aliyuncs.com';
  beforeAll(async () => {
    await Promise.all([ensureBucket('video-demo'), ensureBucket('outbucket')]);
    const file = join(dir, 'A.avi');
    const sources = ['-f', 'lavfi', '-i', 'testsrc2=s=640x360:r=25:d=1', '-f', 'lavfi', '-i', 'sine=440:r=44100:d=1'];
    execFileSync('ffmpeg', ['-v', 'error', '-y', ...sources, '-c:v', 'mpeg4', '-c:a', 'libmp3lame', '-ac', '2', file]);
    await put('video-demo', 'exmaple.avi', readFileSync(file));
  });

  const asPrinted = async (task: Awaited<ReturnType<typeof outcome>>, bucket: string, key: string) => {
    expect(task, task.Message).toMatchObject({ Status: 'Succeeded', Progress: 100, TaskType: 'MediaConvert' });
    expect(task.Outputs.map(({ Bucket, Key }) => [Bucket, Key])).toEqual([[bucket, key]]);
    const { bytes, headers } = await get(bucket, key);
    expect(headers['content-type']).toBe('video/mp4');
    const { streams, format } = probe(bytes, 'out.mp4');
    expect(format.format_name).toContain('mp4');
    expect(streams.map(({ codec_name }) => codec_name)).toEqual(['hevc', 'aac']);
    expect(streams[0]).toMatchObject({ width: 1920, height: 1080, avg_frame_rate: '30/1' });
    expect(Number(streams[0]?.nb_read_frames)).toBeGreaterThanOrEqual(29);
    expect(streams[1]).toMatchObject({ sample_rate: '44100', channels: 2 });
    expect(Math.abs(Number(format.duration) - 1)).toBeLessThan(0.15);
  };

  it('AVI to MP4, using processing parameters: two names and no bucket, so the first name in the source bucket', async () => {
    const body =
      'x-oss-async-process=video/convert,f_mp4,vcodec_h265,s_1920x1080,vb_2000000,fps_30,acodec_aac,ab_100000,sn_1|sys/saveas,o_b3V0b2JqLnthdXRvZXh0fQo,o_b3V0b2JqcHJlZml4LnthdXRvZXh0fQ';
    await asPrinted(
      await outcome(await send('/exmaple.avi?x-oss-async-process', host, body)),
      'video-demo',
      'outobj.mp4',
    );
  });

  it('AVI to MP4, using a style', async () => {
    await putStyle(
      'video-demo',
      'video/convert,f_mp4,vcodec_h265,s_1920x1080,vb_2000000,fps_30,acodec_aac,ab_100000,sn_1',
    );
    const body = 'x-oss-async-process=style/examplestyle|sys/saveas,b_b3V0YnVja2V0,o_b3V0b2JqcHJlZml4LnthdXRvZXh0fQ';
    await asPrinted(
      await outcome(await send('/exmaple.avi?x-oss-async-process', host, body)),
      'outbucket',
      'outobjprefix.mp4',
    );
  });
});
