/** The servers that benchmarks compare: Ossite as it is installed, and the barest that could do the same work. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import Koa from 'koa';
import sharp, { type Sharp } from 'sharp';

export interface Bench {
  readonly endpoint: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/** Starts a script of this folder, the built Ossite or another's server as a process of its own. */
export async function spawned(args: readonly string[], cleanup: () => void): Promise<Bench> {
  // As `npm start` and the image set it, for both sides alike.
  const env = { ...process.env, UV_THREADPOOL_SIZE: '16' };
  const child: ChildProcess = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], env });
  let out = '';
  const address = () => /(127\.0\.0\.1:\d+)\D/.exec(out)?.[1];
  for await (const chunk of child.stdout as NonNullable<typeof child.stdout>) {
    out += String(chunk);
    if (address() !== undefined) break;
  }
  if (address() === undefined) throw new Error(`${args.join(' ')} did not start: ${out}`);
  const endpoint = `http://${address()}`;
  return {
    endpoint,
    pid: child.pid as number,
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
      cleanup();
    },
  };
}

/** Ossite, built. */
export function ossite(...flags: readonly string[]): Promise<Bench> {
  const dir = mkdtempSync(join(tmpdir(), 'ossite-bench-'));
  const main = fileURLToPath(new URL('../dist/server/main.js', import.meta.url));
  if (!existsSync(main)) throw new Error('there is no dist: run `npm run build` first');
  const args = [main, 'start', '--port', '0', '--data-dir', dir, '--log', 'error', ...flags];
  return spawned(args, () => rmSync(dir, { recursive: true, force: true }));
}

/** One of the bare servers below. */
export function bare(kind: 'images' | 'files'): Promise<Bench> {
  return spawned(['--import', 'tsx', fileURLToPath(import.meta.url), kind], () => {});
}

/** Koa and sharp and nothing else: each kind of work as someone would write it by hand, in one sharp chain. */
function imageServer(): void {
  sharp.concurrency(1);
  sharp.cache(false);
  const app = new Koa();
  app.use(async (ctx) => {
    const { file, width, text } = ctx.query as Record<string, string>;
    const resized = sharp(file).resize(Number(width));
    const work: Record<string, () => Promise<Sharp>> = {
      resize: async () => resized,
      chain: async () =>
        resized
          .extract({ left: 200, top: 100, width: 400, height: 400 })
          .sharpen({ sigma: 0.8, m1: 0, m2: 1, x1: 0.78, y2: 100, y3: 100 }),
      watermark: async () => resized.composite([{ input: await mark(text ?? ''), gravity: 'southeast' }]),
    };
    const pipeline = await work[ctx.path.slice(1)]?.();
    ctx.body = await pipeline?.jpeg({ quality: 85 }).toBuffer();
    ctx.type = 'image/jpeg';
  });
  listen(createServer(app.callback()));
}

const mark = (text: string) =>
  sharp({
    text: { text: `<span foreground="#ffffff">${text}</span>`, font: 'WenQuanYi Zen Hei 40', dpi: 72, rgba: true },
  })
    .png()
    .toBuffer();

/** Streams to and from disk with an MD5, as little as a file server with ETags can do. */
function fileServer(): void {
  const dir = mkdtempSync(join(tmpdir(), 'bare-files-'));
  process.once('SIGTERM', () => {
    rmSync(dir, { recursive: true });
    process.exit(0);
  });
  const server = createServer(async (req, res) => {
    const file = join(dir, encodeURIComponent(req.url ?? ''));
    if (req.method === 'PUT') {
      const md5 = createHash('md5');
      req.on('data', (chunk) => md5.update(chunk));
      await pipeline(req, createWriteStream(file));
      res.setHeader('ETag', md5.digest('hex'));
      res.end();
    } else {
      res.setHeader('Content-Length', statSync(file).size);
      // A client that has all bytes may hang up before the stream has seen the end of the file.
      await pipeline(createReadStream(file), res).catch(() => {});
    }
  });
  listen(server);
}

function listen(server: ReturnType<typeof createServer>): void {
  server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv[2] === 'images') imageServer();
  else fileServer();
}
