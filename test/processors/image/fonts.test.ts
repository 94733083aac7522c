/** The fonts OSS names: each is what the table says, and a machine without them says so (image.md §15). */
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Ossite, startOssite } from '../../../src/server/index.ts';
import { b64, freshBucket, frontDoor, processed, put, request } from '../../helpers/ossite.ts';
import { decoded, plain } from './pictures.ts';

/** Name, family, whether it stands in for another font. */
const table: readonly (readonly [string, string, boolean])[] = [
  ['wqy-zenhei', 'WenQuanYi Zen Hei', false],
  ['wqy-microhei', 'WenQuanYi Micro Hei', false],
  ['fangzhengshusong', 'AR PL UMing CN', true],
  ['fangzhengkaiti', 'AR PL UKai CN', true],
  ['fangzhengheiti', 'WenQuanYi Zen Hei', true],
  ['fangzhengfangsong', 'AR PL UMing CN', true],
  ['droidsansfallback', 'Droid Sans Fallback', false],
];

let bucket: string;

beforeAll(async () => {
  bucket = await freshBucket();
  await put(bucket, 'ground.png', await plain(300, 90, '#ffffff'));
});

/** The characters as pixels. */
const written = async (font: string): Promise<string> => {
  const mark = `text_${b64('永和龍')},size_80,g_nw,x_0,y_0,type_${b64(font)}`;
  return (await decoded((await processed(bucket, 'ground.png', `image/watermark,${mark}`)).bytes)).data.toString('hex');
};

test('names that share a family look alike, all others differ', async () => {
  const looks = await Promise.all(table.map(([name]) => written(name)));
  for (const [i, [a, first]] of table.entries())
    for (const [k, [b, second]] of table.entries())
      expect(looks[i] === looks[k], `${a} and ${b}`).toBe(first === second);
});

test('/_ossite/info tells the font and whether it stands in for another', async () => {
  const { fonts } = JSON.parse((await request('get', '/_ossite/info')).text);
  expect(fonts).toEqual(
    Object.fromEntries(table.map(([name, writtenIn, substitute]) => [name, { writtenIn, substitute }])),
  );
});

describe('on a machine without them', () => {
  const dir = mkdtempSync(join(tmpdir(), 'ossite-fonts-'));
  const path = process.env.PATH;
  let ossite: Ossite;

  beforeAll(async () => {
    ossite = await startOssite({ port: 0, storage: 'memory', log: 'error' });
    symlinkSync('/usr/bin/nice', join(dir, 'nice'));
    process.env.PATH = dir;
  });

  afterAll(async () => {
    process.env.PATH = path;
    await ossite.close();
    rmSync(dir, { recursive: true });
  });

  /** What is told when fontconfig lists these families. */
  async function fontsWith(families: string): Promise<Record<string, unknown>> {
    writeFileSync(join(dir, 'fc-list'), `#!/bin/sh\nprintf '${families}'\n`, { mode: 0o755 });
    return JSON.parse((await frontDoor(ossite.endpoint).request('get', '/_ossite/info')).text).fonts;
  }

  test('the required font takes their place', async () => {
    expect(await fontsWith('WenQuanYi Zen Hei,文泉驿正黑\\n')).toMatchObject({
      'wqy-zenhei': { writtenIn: 'WenQuanYi Zen Hei', substitute: false },
      fangzhengkaiti: { writtenIn: 'WenQuanYi Zen Hei', substitute: true },
      droidsansfallback: { writtenIn: 'WenQuanYi Zen Hei', substitute: true },
    });
  });

  test('or any that has the characters', async () => {
    expect(await fontsWith('Noto Sans CJK SC\\n')).toMatchObject({
      'wqy-zenhei': { writtenIn: 'Noto Sans CJK SC', substitute: true },
    });
  });

  test('or none, or nobody knows', async () => {
    expect(await fontsWith('')).toMatchObject({
      'wqy-zenhei': { writtenIn: 'none: no font on this machine has Chinese characters', substitute: true },
    });
    rmSync(join(dir, 'fc-list'));
    const { fonts } = JSON.parse((await frontDoor(ossite.endpoint).request('get', '/_ossite/info')).text);
    expect(fonts['wqy-zenhei'].writtenIn).toBe('unknown: fc-list is not installed');
  });
});
