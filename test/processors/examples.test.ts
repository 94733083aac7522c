/**
 * Every documented example runs through the front door and meets its golden record: what it makes, decoded. After a
 * change that is meant, `UPDATE_GOLDEN=1 npx vitest run test/processors/examples.test.ts` writes the records anew;
 * review them as data.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadRegistry } from '../../src/processors/registry.ts';
import { converted, fixture, freshBucket, get, posted, processed, put, saveas } from '../helpers/ossite.ts';
import { differenceHash, distance, meanOf } from '../helpers/pictures.ts';

const registry = await loadRegistry();
const examples = registry.describe().flatMap((op) => op.examples.map((example) => ({ op, ...example })));
const updating = process.env.UPDATE_GOLDEN !== undefined;
const dir = mkdtempSync(join(tmpdir(), 'ossite-golden-'));
afterAll(() => rmSync(dir, { recursive: true }));

/** What is compared exactly, and what is compared by closeness. */
interface Made {
  readonly exact: Readonly<Record<string, unknown>>;
  /** Difference hash of each picture. */
  readonly looks?: string;
  /** Mean of each channel: the hash does not see brightness. */
  readonly mean?: readonly number[];
  readonly seconds?: number;
}
type Golden = Record<string, readonly Made[]>;

async function picture(bytes: Buffer, type: string): Promise<Made> {
  const { format, width, height, pages = 1, hasAlpha } = await sharp(bytes, { animated: true }).metadata();
  return {
    exact: { type, format, width, height: height / pages, pages, hasAlpha },
    looks: await differenceHash(bytes),
    mean: await meanOf(bytes),
  };
}

function media(bytes: Buffer, type: string): Made {
  const file = join(dir, 'probe');
  writeFileSync(file, bytes);
  const out = execFileSync('ffprobe', ['-v', 'error', '-show_streams', '-show_format', '-of', 'json', file]).toString();
  const { streams, format } = JSON.parse(out) as { streams: Record<string, unknown>[]; format: Record<string, string> };
  const shown = streams.map((s) =>
    [s.codec_name, s.width, s.height, s.sample_rate, s.channels].filter((v) => v !== undefined).join(' '),
  );
  return {
    exact: { type, format: format.format_name, streams: shown },
    seconds: Math.round(Number(format.duration) * 10) / 10,
  };
}

function pdf(bytes: Buffer, type: string): Made {
  const file = join(dir, 'probe.pdf');
  writeFileSync(file, bytes);
  const pages = /Pages:\s+(\d+)/.exec(execFileSync('pdfinfo', [file]).toString())?.[1];
  const text = execFileSync('pdftotext', [file, '-']).toString().replace(/\s+/g, ' ').trim().slice(0, 120);
  return { exact: { type, pages, text } };
}

/** An HTML page: what it says, and the pictures in it. */
function page(bytes: Buffer, type: string): Made {
  const html = bytes.toString('utf8').replace(/<style>[^<]*<\/style>/g, '');
  const text = html
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 400);
  return { exact: { type, pictures: html.match(/<image /g)?.length ?? 0, text } };
}

function describeOutput(bytes: Buffer, type: string): Promise<Made> | Made {
  if (type.startsWith('image/')) return picture(bytes, type);
  if (type.startsWith('video/') || type.startsWith('audio/')) return media(bytes, type);
  if (type === 'application/pdf') return pdf(bytes, type);
  if (type === 'text/html') return page(bytes, type);
  // What names the bucket and the bytes of the source is another each time.
  const text = bytes
    .toString('utf8')
    .replace(/^#OSSITE.*\n/gm, '')
    .replace(/[0-9a-f]{32}/g, 'TOKEN');
  return { exact: { type, text: text.slice(0, 400) } };
}

let bucket: string;
beforeAll(async () => {
  bucket = await freshBucket();
  for (const of of new Set(examples.map((example) => example.of))) await put(bucket, of, fixture(of));
});

type Op = (typeof examples)[number]['op'];

async function run(of: string, process: string, op: Op, folder: string): Promise<readonly Made[]> {
  const operation = registry.operation(op.family, op.name);
  if (operation?.saved) {
    const target = `${folder}/made`;
    const answer = await posted(bucket, of, process + saveas(target));
    expect(answer.status, answer.text).toBe(200);
    const { bytes, headers } = await get(bucket, `${target}.m3u8`);
    return [await describeOutput(bytes, headers['content-type'] as string)];
  }
  if (op.modes.includes('sync')) {
    const answer = await processed(bucket, of, process);
    expect(answer.status, answer.text).toBe(200);
    return [await describeOutput(answer.bytes, answer.headers['content-type'] as string)];
  }
  const informs = operation?.alone === true;
  const task = await converted(bucket, of, informs ? process : process + saveas(`${folder}/{index}.{autoext}`));
  expect(task, task.Message).toMatchObject({ Status: 'Succeeded' });
  if (informs) return [{ exact: { result: task.Result } }];
  const made: Made[] = [];
  for (const { Key } of task.Outputs) {
    const { bytes, headers } = await get(bucket, Key);
    const output = await describeOutput(bytes, headers['content-type'] as string);
    made.push({ ...output, exact: { name: Key.slice(folder.length + 1), ...output.exact } });
  }
  return made;
}

const recordFile = (family: string, name: string) =>
  fileURLToPath(new URL(`../../fixtures/golden/${family}/${name}.json`, import.meta.url));

describe('documented examples', () => {
  it.each(examples.map((example, i) => [`${example.process} of ${example.of}`, example, i] as const))(
    '%s',
    async (title, { op, of, process }, i) => {
      const made = await run(of, process, op, `example-${i}`);
      const file = recordFile(op.family, op.name);
      const records: Golden = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Golden) : {};
      if (updating) {
        mkdirSync(join(file, '..'), { recursive: true });
        writeFileSync(file, `${JSON.stringify({ ...records, [title]: made }, null, 2)}\n`);
        return;
      }
      const expected = records[title];
      if (expected === undefined)
        throw new Error(
          `no golden record; make it with UPDATE_GOLDEN=1 npx vitest run test/processors/examples.test.ts`,
        );
      expect(made.map(({ exact }) => exact)).toEqual(expected.map(({ exact }) => exact));
      for (const [n, { looks, mean = [], seconds }] of made.entries()) {
        const known = expected[n];
        if (looks !== undefined) {
          expect(distance(looks, known?.looks ?? ''), 'bits by which it looks different').toBeLessThanOrEqual(6);
        }
        for (const [channel, value] of mean.entries()) {
          expect(Math.abs(value - (known?.mean?.[channel] ?? -99)), 'mean colour').toBeLessThanOrEqual(3);
        }
        if (seconds !== undefined) expect(Math.abs(seconds - (known?.seconds ?? 0))).toBeLessThanOrEqual(0.11);
      }
    },
  );
});
