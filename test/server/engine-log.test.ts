/** `EngineLog` of a task: what its engines were told and said, in terms of objects. */
import { homedir, tmpdir, userInfo } from 'node:os';
import { beforeAll, describe, expect, it } from 'vitest';
import { b64, fixture, saveas, type Task } from '../helpers/ossite.ts';
import { ownServer } from '../helpers/own-server.ts';

interface Logged extends Task {
  readonly EngineLog: string;
  readonly CreatedTime: string;
  readonly StartTime: string;
}

const server = await ownServer({ buckets: ['logged'], workers: 1 });
const KEY = 'dir/中 clip.mp4';
const NAMED = `oss://logged/${KEY}`;

const run = async (key: string, process: string) => (await server.converted('logged', key, process)) as Logged;

beforeAll(async () => {
  await server.put('logged', KEY, fixture('clip.mp4'));
  await server.put('logged', 'surround.wav', surround());
  await server.put('logged', 'noise.mp4', Buffer.from('no video at all'.repeat(100)));
  await server.put('logged', 'report.docx', fixture('report.docx'));
});

/** Half a second of six silent channels, for which no encoder does with 1 kbit/s. */
function surround(): Buffer {
  const [rate, channels, bytes] = [48_000, 6, 48_000 * 6];
  const head = Buffer.alloc(44);
  head.write('RIFF____WAVEfmt ', 'latin1');
  head.writeUInt32LE(36 + bytes, 4);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(channels, 22);
  head.writeUInt32LE(rate, 24);
  head.writeUInt32LE(rate * channels * 2, 28);
  head.writeUInt16LE(channels * 2, 32);
  head.writeUInt16LE(16, 34);
  head.write('data', 36, 'latin1');
  head.writeUInt32LE(bytes, 40);
  return Buffer.concat([head, Buffer.alloc(bytes)]);
}

function expectNoPaths(log: string): void {
  for (const secret of [tmpdir(), process.cwd(), 'run-', 'engines', 'nice', 'ossite-'])
    expect(log).not.toContain(secret);
  for (const own of [homedir(), userInfo().username === 'root' ? '/root' : userInfo().username])
    expect(log).not.toContain(own);
  expect(log).not.toMatch(/(^|[\s='"(])\/\w/m);
}

describe('what engines said', () => {
  it('of a transcode that succeeds: its command line, then how far it came', async () => {
    const task = await run(KEY, `video/convert,f_mp4,vcodec_h264,s_160x90${saveas('out.mp4')}`);
    expect(task.Status).toBe('Succeeded');
    const lines = task.EngineLog.split('\n');
    expect(lines[0]).toMatch(/^\$ ffprobe /);
    const command = lines.find((line) => line.startsWith('$ ffmpeg '));
    expect(command).toContain(`-i ${NAMED} `);
    expect(command).toMatch(/libx264.* \d+\.mp4$/);
    expect(task.EngineLog).toMatch(/^frame=\d+ .*total_size=\d+ out_time=00:\S+ .*progress=end$/m);
    expectNoPaths(task.EngineLog);
    expect(Date.parse(task.CreatedTime)).toBeLessThanOrEqual(Date.parse(task.StartTime));
  });

  it('ffprobe is not asked again about an object that it knows', async () => {
    await server.put('logged', 'twice.mp4', fixture('clip.mp4'));
    const commands = async () => {
      const { Status, EngineLog } = await run(
        'twice.mp4',
        `video/convert,f_mp4,vcodec_h264,s_160x90${saveas('two.mp4')}`,
      );
      expect(Status).toBe('Succeeded');
      return EngineLog.split('\n').filter((line) => line.startsWith('$ ') && line.includes('oss://logged/twice.mp4'));
    };
    const programs = (lines: readonly string[]) => lines.map((line) => line.split(' ')[1]);
    expect(programs(await commands())).toEqual(['ffprobe', 'ffmpeg']);
    expect(programs(await commands())).toEqual(['ffmpeg']);
    await server.put('logged', 'twice.mp4', fixture('clip.mp4'));
    expect(programs(await commands())).toEqual(['ffprobe', 'ffmpeg']);
  });

  it('of one that fails: its last words, with every clip by its name', async () => {
    const task = await run('surround.wav', `audio/convert,f_ac3,ab_1000${saveas('never.ac3')}`);
    expect(task.Status).toBe('Failed');
    expect(task.EngineLog).toMatch(/^\$ ffmpeg .*oss:\/\/logged\/surround\.wav .*\n[^$\n]*bit ?rate/im);
    expectNoPaths(task.EngineLog);
    const joined = `video/concat,f_mp4,vcodec_h264,acodec_aac/sur,o_${b64('noise.mp4')}${saveas('joined.mp4')}`;
    const concat = await run(KEY, joined);
    expect(concat.Status).toBe('Failed');
    expect(concat.EngineLog).toContain('oss://logged/noise.mp4: Invalid data found');
    expectNoPaths(concat.EngineLog);
  });

  it('of what is no video, and of a document', async () => {
    const noise = await run('noise.mp4', `video/convert,f_mp4${saveas('x.mp4')}`);
    expect(noise.EngineLog).toMatch(
      /^\$ ffprobe .*-i oss:\/\/logged\/noise\.mp4\n[^$]*\noss:\/\/logged\/noise\.mp4: Invalid data found/,
    );
    const pages = await run('report.docx', `doc/convert,target_png${saveas('page-{index}.png')}`);
    expect(pages.Status).toBe('Succeeded');
    expect(pages.EngineLog).toMatch(/^\$ soffice --headless .*--convert-to pdf$/m);
    expect(pages.EngineLog).toMatch(/^\$ pdftoppm .*\.pdf/m);
    expectNoPaths(noise.EngineLog + pages.EngineLog);
    await server.put('logged', 'broken.docx', fixture('report.docx').subarray(0, 3000));
    const broken = await run('broken.docx', `doc/convert,target_pdf${saveas('x.pdf')}`);
    expect(broken.Status).toBe('Failed');
    expectNoPaths(broken.EngineLog);
  });

  it('stands in the task alone, is short, and goes with it', async () => {
    const { tasks } = await server.control<{ tasks: readonly object[] }>('get', 'tasks');
    expect(tasks.length).toBeGreaterThan(2);
    for (const task of tasks) expect(Object.keys(task)).not.toContain('EngineLog');
    expect(tasks.every((task) => 'CreatedTime' in task)).toBe(true);
    const many = Array.from({ length: 10 }, () => `/sur,o_${b64(KEY)}`).join('');
    const long = await run(KEY, `video/concat,f_mp4,vcodec_h264,acodec_aac,s_64x64${many}${saveas('long.mp4')}`);
    expect(long.EngineLog.length).toBeLessThanOrEqual(4096);
    expect(long.EngineLog.split('\n').length).toBeLessThanOrEqual(40);
    expect(long.EngineLog).toContain('progress=end');
    await server.control('post', 'reset');
    expect((await server.request('get', `/_ossite/tasks/${long.TaskId}`)).status).toBe(404);
  });
});
