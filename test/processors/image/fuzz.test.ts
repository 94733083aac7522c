/**
 * Random process strings, made of what the registry says of each operation: good values, values just beyond their
 * limits, and nonsense; chains of them on small sources, whole and broken. Whatever is asked, the answer is a result or
 * a 4xx, soon; what the planner refuses is refused, and what it accepts is never refused for its text.
 * `OSSITE_FUZZ=10000 npx vitest run test/processors/image/fuzz.test.ts` is the long run.
 */
import sharp from 'sharp';
import { beforeAll, expect, test } from 'vitest';
import { contentTypes, formatOf } from '../../../src/processors/image/formats.ts';
import { plan } from '../../../src/processors/plan.ts';
import {
  loadRegistry,
  type OperationFacts,
  type ParameterFacts,
  type Registry,
} from '../../../src/processors/registry.ts';
import { OssError } from '../../../src/store/errors.ts';
import { b64, freshBucket, ossError, processed, put } from '../../helpers/ossite.ts';
import { animation, photograph, plain, seeded } from './pictures.ts';

const STRINGS = Number(process.env.OSSITE_FUZZ ?? 300);
const SEED = Number(process.env.OSSITE_FUZZ_SEED ?? 20_261_122);
const AT_ONCE = 3;
const PATIENCE_MS = 10_000;

const sources = ['a.jpg', 'alpha.png', 'a.gif', 'a.webp', 'a.bmp', 'turned.jpg', 'cut.jpg', 'notes.txt'];

type Random = (below: number) => number;
const one = <T>(n: Random, of: readonly T[]): T => of[n(of.length)] as T;

/** A good value or, among wild ones, also a bad one. */
interface Values {
  readonly good: readonly string[];
  readonly bad: readonly string[];
}
const pick = (n: Random, { good, bad }: Values, wild: boolean): string => one(n, wild ? [...good, ...bad] : good);

/** Nonsense for any parameter. */
const nonsense = ['', 'abc', '1.5', '1e2', '+1', '-1', '0x10', '99999999999999999999', '_', '!', '图', 'null', '%00'];
const texts = { good: ['x', '图片服务', 'a b', '<b>&', 'W'.repeat(64)], bad: ['W'.repeat(65), 'two\nlines', ' '] };
const fonts = { good: ['wqy-zenhei', 'fangzhengkaiti'], bad: ['comic'] };
const colors = { good: ['FF6A00', '336699', 'ff6a00'], bad: ['xyz', 'AABBCCDD'] };
const nested = {
  good: ['resize,P_30', 'resize,w_20', 'crop,w_9,h_9', 'rotate,90', 'indexcrop,x_9'],
  bad: ['circle,r_9', 'resize,P_101', 'resize,w_9|image/crop,w_2', 'resize,w_9/watermark,text_eA'],
};

/** Mostly small, so that most results are; now and then the limits themselves. */
function number(n: Random, { min = 0, max = 100 }: ParameterFacts, wild: boolean): string {
  const most = Math.min(max, 16_384);
  if (n(40) === 0) return pick(n, { good: [`${min}`, `${most}`], bad: [`${min - 1}`, `${max + 1}`] }, wild);
  return String(min + n(Math.min(most - min, n(60) === 0 ? 5000 : 180) + 1));
}

function value(n: Random, parameter: ParameterFacts, wild: boolean): string {
  if (wild && n(10) === 0) return one(n, nonsense);
  switch (parameter.type) {
    case 'number':
      return number(n, parameter, wild);
    case 'choice':
      return one(n, parameter.choices ?? ['']);
    case 'color':
      return pick(n, colors, wild);
    case 'object': {
      const key = one(n, [...sources, 'none.png']);
      return b64(n(2) === 0 ? key : `${key}?x-oss-process=image/${pick(n, nested, wild)}`);
    }
    default: {
      const text = pick(n, parameter.name === 'type' ? fonts : texts, wild);
      return n(3) === 0 ? Buffer.from(text).toString('base64') : b64(text);
    }
  }
}

function action(n: Random, { name, parameters }: OperationFacts, wild: boolean): string {
  const wanted = parameters.filter(({ required }) => (required ? !wild || n(20) > 0 : n(3) === 0));
  // Optional alternatives, such as the sides of a resize: one at least, nearly always.
  const chosen = wanted.length > 0 || parameters.length === 0 || (wild && n(20) === 0) ? wanted : [one(n, parameters)];
  const tokens = chosen.map((p) => (p.bare ? value(n, p, wild) : `${p.name}_${value(n, p, wild)}`));
  if (wild && n(15) === 0) tokens.push(one(n, ['zz_1', '', 'w_', 'w_7', '90', 'a_90']));
  return [name, ...tokens].join(',');
}

function processString(n: Random, operations: readonly OperationFacts[]): string {
  const wild = n(2) === 0;
  const actions = Array.from({ length: 1 + n(4) }, () => action(n, one(n, operations), wild));
  const text = `image/${actions.join(n(15) === 0 ? '|image/' : '/')}`;
  if (!wild || n(15) > 0) return text;
  const twists = ['/', '|', ',', '/slim,1', '|style/none', '|sys/saveas,o_eA', '|image/', '/faces'];
  return `${text}${one(n, twists)}`;
}

/** What the planner says of a text: the code of its refusal. */
function refusal(text: string, registry: Registry): string | undefined {
  try {
    plan(text, 'get', { registry, style: () => undefined, strict: false });
    return undefined;
  } catch (error) {
    if (error instanceof OssError) return error.code;
    throw error;
  }
}

/** Codes that are about the text, and never about the picture. */
const aboutText = new Set(['InvalidArgument', 'MissingArgument', 'NotImplemented', 'InvalidRequest', 'NoSuchStyle']);

/** What a blind watermark says of the picture, for want of a documented code. */
const noPlaceForMark =
  /^(The sides of the image|The content is too long|A picture that is all|The mark can not be read)/;

let bucket: string;
let registry: Registry;

beforeAll(async () => {
  registry = await loadRegistry();
  bucket = await freshBucket();
  const jpg = await photograph(120, 90);
  const made: Readonly<Record<string, Buffer>> = {
    'a.jpg': jpg,
    'alpha.png': await plain(90, 110, 'rgba(255, 106, 0, 0.5)'),
    'a.gif': await animation(60, 40, [50, 60, 70]),
    'a.webp': await sharp(jpg).webp().toBuffer(),
    'turned.jpg': await photograph(100, 60, 80, 6),
    'cut.jpg': jpg.subarray(0, jpg.length / 2),
    'notes.txt': Buffer.from('not a picture'),
  };
  for (const [key, bytes] of Object.entries(made)) await put(bucket, key, bytes);
  await put(bucket, 'a.bmp', (await processed(bucket, 'a.jpg', 'image/format,bmp')).bytes);
});

/** @returns what is wrong with the answer */
async function trouble(key: string, text: string): Promise<string | undefined> {
  const expected = refusal(text, registry);
  const started = performance.now();
  const answer = await processed(bucket, key, text);
  const time = performance.now() - started;
  if (time > PATIENCE_MS) return `took ${Math.round(time)} ms`;
  if (answer.status === 200) {
    if (expected !== undefined) return `200 instead of ${expected}`;
    const type = answer.headers['content-type'];
    const format = formatOf(answer.bytes);
    const named = format === undefined ? 'application/json' : contentTypes[format];
    return type === named ? undefined : `${type} is ${named}`;
  }
  if (answer.status < 400 || answer.status > 499) return `status ${answer.status}`;
  const { code, message } = ossError(answer);
  if (expected !== undefined) return code === expected ? undefined : `${code} instead of ${expected}`;
  return aboutText.has(code) && !noPlaceForMark.test(message)
    ? `${code} for a text that was planned: ${message}`
    : undefined;
}

test(`${STRINGS} random process strings`, { timeout: 60_000 + 1000 * STRINGS }, async () => {
  const n = seeded(SEED);
  const operations = registry.describe().filter(({ family, fidelity }) => family === 'image' && fidelity !== 'refused');
  const asked = Array.from({ length: STRINGS }, () => ({ key: one(n, sources), text: processString(n, operations) }));
  const found: string[] = [];
  const waiting = asked.values();
  const lane = async () => {
    for (const { key, text } of waiting) {
      const wrong = await trouble(key, text);
      if (wrong !== undefined) found.push(`${key} ${text}: ${wrong}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  expect(found).toEqual([]);
  // The strings are worth something only while many of them are good.
  const accepted = asked.filter(({ text }) => refusal(text, registry) === undefined).length;
  expect(accepted / STRINGS).toBeGreaterThan(0.3);
});
