/**
 * Tasks against the same ffmpeg command typed by hand, in the same run and on the same files, and how fast a small object
 * is read while two transcodes run.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import autocannon from 'autocannon';
import { median } from './report.ts';
import { type Bench, ossite } from './server.ts';

const ROUNDS = 3;
/** Longest a task may take, as a multiple of the command. */
const TARGET = 1.05;

const dir = mkdtempSync(join(tmpdir(), 'bench-video-'));
const at = (name: string) => join(dir, name);
/** As nice as tasks are, so that whatever else the machine does slows both alike. */
const ffmpeg = (...args: readonly string[]) =>
  execFileSync('nice', ['-n', '5', 'ffmpeg', '-nostdin', '-v', 'error', '-y', ...args], { cwd: dir });
const b64 = (text: string) => Buffer.from(text).toString('base64url');

const picture = (size: string, rate: number, seconds: number) => [
  ...['-f', 'lavfi', '-i', `testsrc2=s=${size}:r=${rate}:d=${seconds}`],
];
const tone = (seconds: number) => ['-f', 'lavfi', '-i', `sine=440:r=44100:d=${seconds}`];
const h264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'];
const sources: Readonly<Record<string, readonly string[]>> = {
  'film.mp4': [...picture('1920x1080', 30, 60), ...tone(60), ...h264, '-g', '60', '-c:a', 'aac', '-ac', '2'],
  'long.mp4': [...picture('1280x720', 25, 120), ...tone(120), ...h264, '-g', '250', '-c:a', 'aac', '-ac', '2'],
  'clip.mp4': [...picture('1280x720', 25, 10), ...tone(10), ...h264, '-c:a', 'aac', '-ac', '2'],
  'song.mp3': [...tone(900), '-ac', '2', '-b:a', '128k'],
};

/** The same work by both: what it is, the object, the process string, the command by hand. */
interface Work {
  readonly what: string;
  readonly of: string;
  readonly process: string;
  by(): unknown;
}

const x264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '23', '-g', '150', '-bf', '3', '-refs', '2'];
const wav = ['-ar', '44100', '-ac', '2'];
const joint = 'scale=1280:720,setsar=1,fps=25,format=yuv420p';
const sound = 'aresample=44100,aformat=channel_layouts=stereo';

const works: readonly Work[] = [
  {
    ...{ what: 'convert 1080p to 720p h264', of: 'film.mp4' },
    process: 'video/convert,f_mp4,vcodec_h264,s_1280x720',
    by: () =>
      ffmpeg(
        ...['-i', 'film.mp4', '-vf', 'scale=1280:720,setsar=1,fps=30', ...x264, '-c:a', 'copy'],
        ...['-movflags', '+faststart', 'hand.mp4'],
      ),
  },
  {
    ...{ what: 'remux (copy)', of: 'long.mp4', process: 'video/convert,f_mkv' },
    by: () => ffmpeg('-i', 'long.mp4', '-c', 'copy', 'hand.mkv'),
  },
  {
    ...{ what: 'animation, 12 frames of 2 min', of: 'long.mp4' },
    process: 'video/animation,f_gif,w_320,h_180,inter_10000',
    by: () =>
      ffmpeg(
        ...['-i', 'long.mp4', '-filter_complex'],
        "select='not(mod(n,250))',setpts=N/0.1/TB,scale=320:180,split[a][b];[a]palettegen[p];[b][p]paletteuse",
        ...['-r', '0.1', 'hand.gif'],
      ),
  },
  {
    ...{ what: 'snapshots every 10 s of 2 min', of: 'long.mp4', process: 'video/snapshots,f_jpg,inter_10000' },
    by: () => {
      for (let i = 0; i < 12; i += 1)
        ffmpeg('-ss', String(i * 10), '-i', 'long.mp4', '-frames:v', '1', `hand-${i}.jpg`);
    },
  },
  {
    ...{ what: 'snapshots every second of a minute', of: 'film.mp4', process: 'video/snapshots,f_jpg,inter_1000' },
    by: () => ffmpeg('-i', 'film.mp4', '-vf', "select='not(mod(n,30))'", '-vsync', '0', 'hand-%d.jpg'),
  },
  {
    ...{ what: 'sprite 10x10 of a minute', of: 'film.mp4' },
    process: 'video/sprite,f_jpg,sw_100,sh_56,inter_600,tw_10,th_10',
    by: () =>
      ffmpeg(
        ...['-i', 'film.mp4', '-vf'],
        "select='not(mod(n,18))',scale=100:56,tile=10x10:padding=2:margin=2",
        ...['-vsync', '0', 'hand-%d.jpg'],
      ),
  },
  {
    ...{ what: 'concat of three', of: 'film.mp4' },
    process: `video/concat,f_mp4,vcodec_h264,acodec_aac,align_0/pre,o_${b64('clip.mp4')}/sur,o_${b64('clip.mp4')}`,
    by: () =>
      ffmpeg(
        ...['-i', 'clip.mp4', '-i', 'film.mp4', '-i', 'clip.mp4', '-filter_complex'],
        `${[0, 1, 2].map((i) => `[${i}:v]${joint}[v${i}];[${i}:a]${sound}[a${i}]`).join(';')};${[0, 1, 2].map((i) => `[v${i}][a${i}]`).join('')}concat=n=3:v=1:a=1[v][a]`,
        ...['-map', '[v]', '-map', '[a]', ...x264, '-c:a', 'aac', '-movflags', '+faststart', 'hand.mp4'],
      ),
  },
  {
    ...{ what: 'audio to AAC, 15 min', of: 'song.mp3', process: 'audio/convert,f_aac,ab_96000' },
    by: () => ffmpeg('-i', 'song.mp3', ...wav, '-c:a', 'aac', '-b:a', '96000', 'hand.aac'),
  },
  {
    ...{ what: 'audio joined, 15 + 15 min', of: 'song.mp3' },
    process: `audio/concat,f_mp3,ab_128000/sur,o_${b64('song.mp3')}`,
    by: () =>
      ffmpeg(
        ...['-i', 'song.mp3', '-i', 'song.mp3', '-filter_complex', '[0:a][1:a]concat=n=2:v=0:a=1[a]', '-map', '[a]'],
        ...[...wav, '-c:a', 'libmp3lame', '-b:a', '128000', 'hand.mp3'],
      ),
  },
];

export async function video(): Promise<void> {
  const server = await ossite();
  try {
    await fetch(`${server.endpoint}/bench`, { method: 'PUT' });
    for (const [name, recipe] of Object.entries(sources)) {
      ffmpeg(...recipe, name);
      await fetch(`${server.endpoint}/bench/${name}`, { method: 'PUT', body: readFileSync(at(name)) });
    }
    for (const work of works) await compare(server, work);
    await quiet(server);
  } finally {
    await server.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

async function compare(server: Bench, { what, of, process, by }: Work): Promise<void> {
  const times = { task: [] as number[], hand: [] as number[] };
  for (let round = 0; round < ROUNDS; round += 1) {
    let began = performance.now();
    await ended(server, await submit(server, of, process));
    times.task.push(performance.now() - began);
    began = performance.now();
    by();
    times.hand.push(performance.now() - began);
  }
  const [task, hand] = [median(times.task), median(times.hand)];
  const ratio = task / hand;
  const verdict = ratio <= TARGET ? 'ok' : 'ABOVE TARGET';
  console.log(
    `${what}: task ${task.toFixed(0)} ms, by hand ${hand.toFixed(0)} ms, ratio ${ratio.toFixed(2)} (target ${TARGET}) ${verdict}`,
  );
}

async function submit({ endpoint }: Bench, of: string, process: string): Promise<string> {
  const body = `x-oss-async-process=${process}|sys/saveas,o_${b64('out')}`;
  const answer = await fetch(`${endpoint}/bench/${of}?x-oss-async-process`, { method: 'POST', body });
  if (!answer.ok) throw new Error(await answer.text());
  return ((await answer.json()) as { TaskId: string }).TaskId;
}

async function ended({ endpoint }: Bench, id: string): Promise<void> {
  const answer = await fetch(`${endpoint}/_ossite/tasks/${id}?wait=300`);
  const task = (await answer.json()) as { Status: string };
  if (task.Status !== 'Succeeded') throw new Error(JSON.stringify(task));
}

/** Reading 1 KiB while every core has a transcode. */
async function quiet(server: Bench): Promise<void> {
  await fetch(`${server.endpoint}/bench/small`, { method: 'PUT', body: Buffer.alloc(1024) });
  const slow = 'video/convert,f_mp4,vcodec_h265,s_1920x1080';
  const tasks = await Promise.all([submit(server, 'film.mp4', slow), submit(server, 'film.mp4', slow)]);
  const { latency, requests } = await autocannon({
    ...{ url: `${server.endpoint}/bench/small`, connections: 4, duration: 10, overallRate: 200 },
  });
  for (const id of tasks) await fetch(`${server.endpoint}/_ossite/tasks/${id}/cancel`, { method: 'POST' });
  console.log(
    `GET 1 KiB while two transcodes run: 99th percentile ${latency.p99} ms (target 100), ${requests.average} a second ${latency.p99 <= 100 ? 'ok' : 'ABOVE TARGET'}`,
  );
}
