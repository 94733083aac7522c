import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { b64, fixture, ossError, saveas } from '../helpers/ossite.ts';
import { ownServer } from '../helpers/own-server.ts';

const dir = mkdtempSync(join(tmpdir(), 'ossite-explain-'));
afterAll(() => rmSync(dir, { recursive: true }));
const server = await ownServer({ storage: 'disk', dataDir: dir, buckets: ['media'] });
for (const name of ['photo.jpg', 'animation.gif', 'clip.mp4']) await server.put('media', name, fixture(name));
const turned = await sharp({ create: { width: 300, height: 200, channels: 3, background: '#336699' } })
  .jpeg()
  .withMetadata({ orientation: 6 })
  .toBuffer();
await server.put('media', 'turned.jpg', turned);
await server.put('media', 'not.jpg', Buffer.from('no picture'));
await server.request('put', '/media?style&styleName=small', {
  body: '<Style><Content>image/resize,w_50/rotate,90</Content></Style>',
});

interface Size {
  readonly width: number;
  readonly height: number;
}
interface Span {
  readonly start: number;
  readonly end: number;
}
interface Explained {
  readonly process: string;
  readonly source?: Size;
  readonly stages: readonly {
    readonly action: string;
    readonly params: object;
    readonly size?: Size;
    readonly at: Span;
    readonly written: readonly (readonly [string, string])[];
    readonly style?: string;
    readonly clauses?: readonly { readonly name: string; readonly at: Span; readonly written: readonly unknown[] }[];
  }[];
  readonly saveas?: { readonly preview?: { readonly bucket: string; readonly key: string } };
  readonly warnings: readonly string[];
  readonly error?: {
    readonly status: number;
    readonly code: string;
    readonly message: string;
    readonly ec?: string;
    readonly at?: Span;
  };
}

const explain = (question: object) => server.control<Explained>('post', 'explain', question);
const of = (key: string, process: string, mode = 'get') => explain({ bucket: 'media', key, process, mode });
const sizes = ({ stages }: Explained) =>
  stages.map(({ size }) => (size === undefined ? '' : `${size.width}x${size.height}`));

it('tells the plan in stages, with defaults filled in', async () => {
  const told = await explain({
    process: `image/resize,w_100/quality,q_80${saveas('{barename}-{t_year}.jpg', 'media')}`,
    mode: 'post',
  });
  expect(told).toMatchObject({
    mode: 'post',
    stages: [
      { action: 'image/resize', params: { w: 100, m: 'lfit', limit: true }, fidelity: 'approximate' },
      { action: 'image/quality', params: { q: 80 } },
    ],
    saveas: { key: '{barename}-{t_year}.jpg', bucket: 'media' },
    warnings: [],
  });
  expect(told.source).toBeUndefined();
});

it('tells what is ignored, and clauses', async () => {
  const told = await explain({
    process: `video/concat,f_mp4,vcodec_h264,acodec_aac,zz_1/sur,o_${b64('clip.mp4')}${saveas('o.mp4')}|sys/notify,topic_${b64('t')}`,
    mode: 'async',
  });
  expect(told).toMatchObject({
    stages: [{ action: 'video/concat', clauses: [{ name: 'sur' }] }],
    notify: { topic: 't' },
    warnings: ['video/concat has no parameter zz; it was ignored'],
  });
});

/** Chains that are not one pipeline: something would have to be decoded in between. */
const chains: readonly (readonly [key: string, process: string])[] = [
  ['photo.jpg', 'image/resize,w_300'],
  ['photo.jpg', 'image/resize,w_300/rotate,90/crop,w_50,h_60/resize,p_50'],
  ['photo.jpg', 'image/rotate,30/resize,h_77/rotate,200/indexcrop,x_20,i_1'],
  ['photo.jpg', 'image/resize,m_pad,w_200,h_300/circle,r_40/format,png/resize,m_pad,w_99,h_88'],
  ['photo.jpg', `image/crop,w_200,h_100,g_se/watermark,text_${b64('x')}/rounded-corners,r_9/resize,l_50`],
  ['photo.jpg', 'style/small'],
  ['photo.jpg', 'image/resize,w_300|image/rotate,90/resize,w_20'],
  ['turned.jpg', 'image/resize,w_100'],
  ['turned.jpg', 'image/auto-orient,0/resize,w_100'],
  ['turned.jpg', `image/watermark,text_${b64('x')}`],
  ['animation.gif', 'image/resize,w_40'],
  ['animation.gif', 'image/rotate,90/blur,r_3,s_2/resize,w_33'],
];

it.each(chains)('the size after each stage is that of the real result: %s %s', async (key, process) => {
  const told = await of(key, process);
  const real = await server.processed('media', key, process);
  const { width, height, pageHeight } = await sharp(real.bytes).metadata();
  expect(sizes(told).at(-1)).toBe(`${width}x${pageHeight ?? height}`);
  expect(sizes(told)).not.toContain('');
});

it('each stage', async () => {
  const told = await of('turned.jpg', 'image/resize,w_100/rotate,90/crop,w_30,h_40');
  expect(told.source).toEqual({ width: 200, height: 300 });
  expect(sizes(told)).toEqual(['100x150', '150x100', '30x40']);
});

it('has no sizes where there is no picture between two actions', async () => {
  expect(sizes(await of('photo.jpg', 'image/average-hue'))).toEqual(['']);
  expect(sizes(await of('clip.mp4', `video/convert,f_mp4,vcodec_h264${saveas('o.mp4')}`, 'async'))).toEqual(['']);
});

describe('the error is the one that the service gives', () => {
  it.each([
    ['photo.jpg', 'image/resize,w_0'],
    ['photo.jpg', 'image/rezise,w_10'],
    ['photo.jpg', 'image/crop,w_10,h_10,x_5000,y_5000'],
    ['photo.jpg', 'image/resize,m_fixed,w_16384,h_16384'],
    ['photo.jpg', 'style/none'],
    ['none.jpg', 'image/resize,w_10'],
    ['not.jpg', 'image/resize,w_10'],
    ['photo.jpg', `image/resize,w_10${saveas('x')}`],
    ['photo.jpg', ''.padEnd(9000, 'x')],
  ])('GET %s %s', async (key, process) => {
    const real = ossError(await server.processed('media', key, process));
    const { error } = await of(key, process);
    expect(error).toMatchObject({ status: real.status, code: real.code, message: real.message });
    expect(error?.ec).toBe(real.ec);
  });

  it.each([
    ['photo.jpg', `image/resize,w_10${saveas('x', 'no-such-bucket')}`],
    ['photo.jpg', `image/resize,w_10${saveas('x'.repeat(1100))}`],
    ['none.jpg', `image/resize,w_10${saveas('x')}`],
  ])('POST %s %s', async (key, process) => {
    const real = ossError(await server.posted('media', key, process));
    expect((await of(key, process, 'post')).error).toMatchObject({
      status: real.status,
      code: real.code,
      message: real.message,
    });
  });

  it('async, in IMM’s words', async () => {
    const real = ossError(await server.submitted('media', 'clip.mp4', 'video/convert,f_nope'));
    const { error } = await of('clip.mp4', 'video/convert,f_nope', 'async');
    expect(error?.code).toBe(real.code);
    expect(error?.message.replace(/[0-9A-F-]{36}$/, '')).toBe(real.message.replace(/[0-9A-F-]{36}$/, ''));
  });

  it('a bucket that is not there', async () => {
    expect((await explain({ bucket: 'nope', process: 'image/resize,w_1' })).error).toMatchObject({
      code: 'NoSuchBucket',
    });
  });
});

describe('where', () => {
  const o = b64('x.jpg');
  const media = 'video/convert,f_mp4,vcodec_h264';
  // The wrong part stands between « and »; a text without them has no place for its mistake.
  it.each([
    ['get', '«image/»'],
    ['get', '«nonsense»'],
    ['get', '«picture/resize,w_1»'],
    ['get', 'image/«rezise,w_10»/rotate,90'],
    ['get', 'image/resize,«w_0»'],
    ['get', 'image/resize,h_5,«w_x»,m_pad'],
    ['get', 'image/resize,w_5/«crop,w_0x,h_1»'.replace('«crop,w_0x,h_1»', 'crop,«w_0x»,h_1')],
    ['get', 'image/resize,w_5/rotate,«400»/quality,q_90'],
    ['get', 'image/resize,w_5/rotate,90,«200»'],
    ['get', 'image/«rotate»'],
    ['get', 'image/resize,w_5/«format»'],
    ['get', 'image/watermark,«text_§»,color_ff0000'],
    ['get', 'image/resize,w_5/watermark,text_YQ,«color_red»'],
    ['get', 'image/«info»/resize,w_5'],
    ['get', 'image/resize,w_5|image/«blur»'],
    ['get', 'image/resize,w_5/«cropping,w_1»'],
    ['get', '«style/none»'],
    ['get', `image/resize,w_5|sys/«saveas,o_${o}»`],
    ['get', 'video/«convert,f_mp4»'],
    ['get', 'if_status_eq_404{image/resize,«w_0»}'],
    ['post', '图/resize'.replace('图/resize', '«图/resize»')],
    ['post', 'image/resize,w_1/rotate,«中»'],
    ['post', 'image/resize,w_5|sys/«saveas»'],
    ['post', 'image/resize,w_5|sys/saveas,«o_%%»'],
    ['post', `image/resize,w_5|sys/saveas,«o_${b64('{nope}.jpg')}»`],
    ['post', `image/resize,w_5|sys/saveas,o_${o},«b_${b64('No')}»`],
    ['post', `image/resize,w_5|sys/saveas,o_${o},«b_${b64('no-such-bucket')}»`],
    ['post', `image/resize,w_5|sys/saveas,«o_${b64('{dirname}{ext}'.padEnd(1100, 'x'))}»,b_${b64('media')}`],
    ['post', `image/resize,w_5|sys/«forget,a_b»`],
    ['post', `sys/saveas,o_${o}|image/resize,w_5`.replace('sys', '§')],
    ['async', `video/convert,f_mp4,«vcodec_nope»|sys/saveas,o_${o}`],
    ['async', `video/«convert,vcodec_h264»|sys/saveas,o_${o}`],
    ['async', `${media}|sys/saveas,o_${o}/notify,«topic_§»`],
    ['async', `video/concat,f_mp4,vcodec_h264,acodec_aac/sur,o_${o}/«pre,t_5»|sys/saveas,o_${o}`],
    ['async', `video/concat,f_mp4,vcodec_h264,acodec_aac/sur,o_${o},«ss_x»|sys/saveas,o_${o}`],
    ['async', media],
  ])('%s %s', async (mode, marked) => {
    const start = marked.indexOf('«');
    const end = marked.indexOf('»') - 1;
    const process = marked.replace(/[«»]/g, '');
    const { error } = await explain({
      process,
      mode,
      bucket: 'media',
      key: mode === 'async' ? 'clip.mp4' : 'photo.jpg',
    });
    expect(error).toBeDefined();
    if (start >= 0) expect(process.slice(error?.at?.start, error?.at?.end)).toBe(process.slice(start, end));
    if (start >= 0) expect(error?.at).toEqual({ start, end });
  });

  it('a mistake that the picture makes one is at its action', async () => {
    const { error } = await of('photo.jpg', 'image/resize,w_100/crop,w_10,h_10,x_5000,y_5000/rotate,90');
    expect(error?.at).toEqual({ start: 19, end: 47 });
  });

  it('no place is told for what has none', async () => {
    for (const [process, mode] of [
      [media, 'async'],
      [''.padEnd(9000, 'x'), 'get'],
    ] as const)
      expect((await of('clip.mp4', process, mode)).error).not.toHaveProperty('at');
    expect((await of('none.jpg', 'image/resize,w_5')).error).not.toHaveProperty('at');
  });

  it('stages stand, as they are written', async () => {
    const text = 'if_status_eq_404{image/resize,w_030,m_lfit,w_40/rotate,90}';
    const { stages } = await of('photo.jpg', text);
    expect(stages.map(({ at }) => text.slice(at.start, at.end))).toEqual(['resize,w_030,m_lfit,w_40', 'rotate,90']);
    expect(stages[0]?.written).toEqual([
      ['w', '030'],
      ['m', 'lfit'],
      ['w', '40'],
    ]);
    expect(stages[1]?.written).toEqual([['', '90']]);
    const clip = `video/concat,f_mp4,vcodec_h264,acodec_aac/sur,t_5,o_${b64('clip.mp4')}${saveas('o.mp4')}`;
    const [concat] = (await of('clip.mp4', clip, 'async')).stages;
    expect(concat?.clauses?.map(({ at, written }) => [clip.slice(at.start, at.end), written])).toEqual([
      [
        `sur,t_5,o_${b64('clip.mp4')}`,
        [
          ['t', '5'],
          ['o', b64('clip.mp4')],
        ],
      ],
    ]);
    const styled = 'style/small|image/quality,q_90';
    const shown = (await of('photo.jpg', styled)).stages.map(({ at, style }) => [
      styled.slice(at.start, at.end),
      style,
    ]);
    expect(shown).toEqual([
      ['style/small', 'small'],
      ['style/small', 'small'],
      ['quality,q_90', undefined],
    ]);
  });
});

it('runs nothing and writes nothing', async () => {
  const before = JSON.stringify(readdirSync(dir, { recursive: true }).filter((name) => !String(name).includes('-wal')));
  const runs = async () =>
    (await server.request('get', '/_ossite/metrics')).text.match(/^ossite_engine_runs_total.*$/gm);
  const made = await runs();
  for (const [key, process] of chains) await of(key, process);
  await of('photo.jpg', `image/resize,w_10${saveas('never.jpg')}`, 'post');
  await of('clip.mp4', `video/convert,f_mp4,vcodec_h264${saveas('never.mp4')}`, 'async');
  expect(await runs()).toEqual(made);
  expect(JSON.stringify(readdirSync(dir, { recursive: true }).filter((name) => !String(name).includes('-wal')))).toBe(
    before,
  );
  expect((await server.head('media', 'never.jpg')).status).toBe(404);
  expect(await server.control('get', 'tasks')).toEqual({ tasks: [] });
});

it.each([
  [{}],
  [{ process: '' }],
  [{ process: 'image/resize,w_1', mode: 'sync' }],
  [{ process: 'image/resize,w_1', key: 'a' }],
  [{ process: 'image/resize,w_1', bucket: 1 }],
  [{ process: 'image/resize,w_1', proces: 'x' }],
  [null],
])('%j is no question', async (body) => {
  expect((await server.request('post', '/_ossite/explain', { body: JSON.stringify(body) })).status).toBe(400);
});

describe('saveas.preview is the name that comes out', () => {
  it.each([
    ['photo.jpg', 'image/resize,w_5', '{bucket}/{barename}.{ext}', 'post'],
    ['photo.jpg', 'image/resize,w_5/format,png', 'p/{basename}.{autoext}', 'post'],
    ['clip.mp4', 'video/convert,f_mkv,vcodec_h264,acodec_aac', 'v/{barename}_{index}_{streamindex}.{autoext}', 'async'],
    ['clip.mp4', 'video/snapshots,f_png,num_1', 's/{index}', 'async'],
    ['clip.mp4', 'audio/convert,f_mp3', 'sound', 'async'],
  ])('%s %s %s', async (key, process, name, mode) => {
    const text = `${process}${saveas(name)}`;
    const { preview } = (await of(key, text, mode)).saveas ?? {};
    expect(preview?.bucket).toBe('media');
    const task = mode === 'async' ? await server.converted('media', key, text) : undefined;
    const saved =
      task?.Outputs[0]?.Key ??
      (JSON.parse((await server.posted('media', key, text)).text) as { object: string }).object;
    expect(preview?.key).toBe(saved);
    await server.request('delete', `/media/${saved.split('/').map(encodeURIComponent).join('/')}`);
  });

  it('what the run alone can tell stays as it is written', async () => {
    const saveasOf = async (process: string, name: string, mode: string) =>
      (await of(process.startsWith('image') ? 'photo.jpg' : 'clip.mp4', `${process}${saveas(name)}`, mode)).saveas
        ?.preview?.key;
    expect(await saveasOf('image/resize,w_5', '{{x}}{autoext}', 'post')).toBe('{x}{autoext}');
    const name = '{resolution}-{index}.{autoext}';
    expect(await saveasOf('video/convert,f_mp4,vcodec_h264', name, 'async')).toBe('{resolution}-1.mp4');
    const told = await explain({ process: `image/resize,w_5${saveas('a')}`, mode: 'post' });
    expect(told.saveas).not.toHaveProperty('preview');
  });
});
