/**
 * The one door to ffmpeg, ffprobe and fluent-ffmpeg. Whatever goes through it reads only the files it is told to read:
 * playlists, concat scripts and the like are not opened, and no protocol but `file` is spoken.
 */
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type Fluent from 'fluent-ffmpeg';
import { EngineMissing, findProgram } from '../children.ts';
import { TaskFailure } from '../failure.ts';
import type { RunContext } from '../operation.ts';

/** What one run of ffmpeg reads, does and writes. */
export interface Command {
  readonly inputs: readonly {
    readonly file: string;
    /** Options of this input: `-ss`, `-t`. */
    readonly options: readonly string[];
    /** Numbered pictures, `3-%d.png`, that this run has made itself; nobody's upload is read that way. */
    readonly sequence?: true;
  }[];
  /** Maps, codecs, filters, muxer. */
  readonly options: readonly string[];
  readonly output: string;
  /** Expected length of the output, for the progress; `undefined` when nobody knows. */
  readonly seconds: number | undefined;
  /** Expected frames at the filter `COUNTED`, for the progress of what has no length; instead of `seconds`. */
  readonly frames?: number;
  /** Bytes written so far, where ffmpeg does not know because it writes several files. */
  written?(): number;
}

/**
 * Demuxers of single-file containers and elementary streams. Left out on purpose: everything that names other files or
 * addresses (hls, dash, concat, sdp, imf, image sequences), devices, and text formats.
 */
const FORMATS = [
  'aac,ac3,aiff,amr,amrnb,amrwb,ape,asf,au,avi,caf,dts,eac3,flac,flv,gif,h264,hevc,ivf,m4v,matroska,mov,mp3,mp4',
  'mpc,mpc8,mpeg,mpegts,mpegvideo,mxf,nsv,nut,ogg,rm,swf,tta,voc,w64,wav,webm,wtv,wv,yuv4mpegpipe',
].join(',');

/**
 * A filter that tells of each frame it sees. ffmpeg's own report counts what was written, and is silent until every output
 * has begun, which a palette or a sheet of tiles does at its end.
 */
export const COUNTED = String.raw`metadata=mode=add:key=counted:value=1,metadata=mode=print:file='pipe\:2':direct=1`;

/** Frames of more pixels are not decoded: 8192 x 8192, four times the area of the largest documented target. */
export const MAX_PIXELS = 8192 * 8192;

const SAFE_INPUT = ['-protocol_whitelist', 'file', '-format_whitelist', FORMATS];
const SAFE_SEQUENCE = ['-protocol_whitelist', 'file', '-format_whitelist', 'image2', '-f', 'image2'];

/** A file whose headers keep ffprobe busy for longer is not media anyone waits for. */
const PROBE_MS = 60_000;

/**
 * What ffprobe says of a file: its JSON, unchecked.
 * @throws TaskFailure UnsupportedMedia when ffprobe cannot read the file; EngineMissing; the signal's reason
 */
export async function ffprobe(file: string, ctx: Pick<RunContext, 'signal' | 'engines'>): Promise<unknown> {
  return JSON.parse(await ctx.engines.findings.of(file, 'contents', () => contentsOf(file, ctx)));
}

async function contentsOf(file: string, ctx: Pick<RunContext, 'signal' | 'engines'>): Promise<string> {
  const patience = AbortSignal.timeout(PROBE_MS);
  const signal = AbortSignal.any([ctx.signal, patience]);
  const args = ['-v', 'error', ...SAFE_INPUT, '-show_format', '-show_streams', '-of', 'json', '-i', resolve(file)];
  const run = ctx.engines.children.run('ffprobe', args, { signal });
  const { code, stdout, stderr } = await run.catch((error: unknown) => {
    if (ctx.signal.aborted || !patience.aborted) throw error;
    throw new TaskFailure('UnsupportedMedia', 'The source takes too long to be recognised as video or audio.');
  });
  if (code !== 0) throw new TaskFailure('UnsupportedMedia', unreadable(stderr, resolve(file)), stderr);
  return stdout.toString('utf8');
}

/** A list of two million packets; a video of a day. */
const MAX_LIST = 64 * 1024 * 1024;

/**
 * A list that ffprobe makes of a file's packets or frames: its rows, each split at the commas.
 * @param ask what is to be listed: `-select_streams`, `-show_entries`
 * @throws TaskFailure UnsupportedMedia when the file cannot be read, or its list is longer than 64 MiB
 */
export async function ffprobeList(
  file: string,
  ask: readonly string[],
  ctx: Pick<RunContext, 'signal' | 'engines'>,
): Promise<readonly (readonly string[])[]> {
  const list = await ctx.engines.findings.of(file, ask.join(' '), () => listOf(file, ask, ctx));
  const lines = list.split('\n');
  return lines.filter((line) => line !== '').map((line) => line.split(','));
}

async function listOf(
  file: string,
  ask: readonly string[],
  ctx: Pick<RunContext, 'signal' | 'engines'>,
): Promise<string> {
  const guard = [...SAFE_INPUT, '-max_pixels', String(MAX_PIXELS), '-fflags', '+genpts'];
  const args = ['-v', 'error', ...guard, ...ask, '-of', 'csv', '-i', resolve(file)];
  const options = { signal: ctx.signal, maxOutput: MAX_LIST };
  const { code, stdout, stderr } = await ctx.engines.children.run('ffprobe', args, options);
  if (code !== 0) {
    const why = stderr === '' ? 'The source has too many frames.' : unreadable(stderr, resolve(file));
    throw new TaskFailure('UnsupportedMedia', why, stderr);
  }
  return stdout.toString('utf8');
}

function unreadable(stderr: string, file: string): string {
  if (stderr.includes('Format not on whitelist')) {
    return 'The source is a playlist, a list of files or another format that is not read as video or audio.';
  }
  return `The source cannot be read as video or audio: ${firstSentence(stderr.split('\n'), [file])}`;
}

/**
 * Runs ffmpeg to its end and reports progress. Whether the output is any good is the caller's to check.
 * @returns how many frames the filter `COUNTED` saw
 * @throws TaskFailure with ffmpeg's first words when it fails; EngineMissing; the signal's reason
 */
export async function ffmpeg(command: Command, ctx: RunContext): Promise<number> {
  ctx.signal.throwIfAborted();
  if ((await findProgram('ffmpeg')) === undefined) throw new EngineMissing('ffmpeg');
  const run = await build(command);
  const lines: string[] = [];
  const report = new Map<string, string>();
  let asked: readonly string[] = [];
  let group: number | undefined;
  let frames = 0;
  let tooLarge = false;
  const end = () => {
    run.kill('SIGKILL');
    if (group !== undefined) ctx.engines.children.end(group);
  };
  const onLine = (line: string) => {
    const leader = /^group (\d+)$/.exec(line)?.[1];
    if (leader !== undefined && group === undefined) {
      group = Number(leader);
      ctx.engines.children.adopt(group);
      if (ctx.signal.aborted) end();
      return;
    }
    const size =
      command.written === undefined
        ? /^total_size=(\d+)$/.exec(line)?.[1]
        : /^progress=/.test(line) && command.written();
    if (Number(size ?? 0) > ctx.engines.settings.maxOutput) {
      tooLarge = true;
      end();
    }
    const counted = /^frame:(\d+) /.exec(line)?.[1];
    if (counted !== undefined) {
      frames = Number(counted) + 1;
      if (command.frames !== undefined) ctx.progress(Math.min(100, (100 * frames) / command.frames));
      return;
    }
    const [, name, value = ''] = /^(\w+)=\s*(\S*)$/.exec(line) ?? [];
    if (name !== undefined) report.set(name, value);
    const done = /^out_time_us=(\d+)$/.exec(line)?.[1];
    if (done !== undefined && command.seconds !== undefined && command.seconds > 0) {
      ctx.progress(Math.min(100, Number(done) / 1e4 / command.seconds));
    } else if (name === undefined && line.trim() !== '' && lines.length < 200) lines.push(line.slice(0, 1000));
  };
  ctx.signal.addEventListener('abort', end, { once: true });
  try {
    await new Promise<void>((settle, reject) => {
      run.on('start', (line: string) => {
        asked = line.split(' ').slice(1);
        if (ctx.signal.aborted) end();
      });
      run.on('stderr', onLine);
      run.on('end', () => settle());
      run.on('error', reject);
      run.run();
    });
    ctx.signal.throwIfAborted();
    if (tooLarge) throw new Error('ffmpeg was done before it could be stopped');
    return frames;
  } catch (error) {
    ctx.signal.throwIfAborted();
    if (tooLarge) throw new TaskFailure('InvalidArgument', outgrown(ctx.engines.settings.maxOutput));
    throw failed(command, lines, error);
  } finally {
    ctx.heard?.('ffmpeg', asked, [...lines, ...summary(report)]);
    ctx.signal.removeEventListener('abort', end);
    if (group !== undefined) ctx.engines.children.end(group);
  }
}

/** How far it came, as ffmpeg's own last line would put it. */
function summary(report: ReadonlyMap<string, string>): readonly string[] {
  const told = ['frame', 'fps', 'total_size', 'out_time', 'bitrate', 'speed', 'progress'].flatMap((name) => {
    const value = report.get(name);
    return value === undefined ? [] : [`${name}=${value}`];
  });
  return told.length === 0 ? [] : [told.join(' ')];
}

/**
 * fluent-ffmpeg's own `progress` event is not used: it makes the library probe the input with an ffprobe that knows no
 * whitelist, cannot be ended and would follow a playlist to another file or host.
 */
async function build(command: Command): Promise<Fluent.FfmpegCommand> {
  const fluent = await load();
  const run = fluent({ niceness: 5 });
  for (const { file, options, sequence } of command.inputs) {
    // +genpts: avi and some mkv files carry no time stamps (media.md §23.12)
    const guard = [...(sequence ? SAFE_SEQUENCE : SAFE_INPUT), '-max_pixels', String(MAX_PIXELS), '-fflags', '+genpts'];
    run
      .input(resolve(file))
      .inputOptions('-nostdin', '-v', 'error', '-progress', 'pipe:2', '-nostats', ...guard, ...options);
  }
  return run.output(resolve(command.output)).outputOptions('-dn', ...command.options);
}

/**
 * fluent-ffmpeg starts children in the server's own group; the script gives ffmpeg one of its own, and guards it from
 * its first instant, before `adopt` can.
 */
async function load(): Promise<typeof Fluent> {
  const { default: fluent } = await import('fluent-ffmpeg');
  fluent.setFfmpegPath(fileURLToPath(new URL('./ffmpeg-in-group.sh', import.meta.url)));
  return fluent;
}

/** Was this machine's ffmpeg built with an encoder, such as `libopencore_amrnb`? @throws EngineMissing */
export async function hasEncoder(name: string): Promise<boolean> {
  if ((await findProgram('ffmpeg')) === undefined) throw new EngineMissing('ffmpeg');
  const fluent = await load();
  const found = await new Promise<Readonly<Record<string, unknown>>>((settle, reject) => {
    fluent().availableEncoders((error, encoders) => (error ? reject(error) : settle(encoders)));
  });
  return name in found;
}

/** The sentence of an output that is too large. @param bytes that are allowed */
export const outgrown = (bytes: number) =>
  `The output grew larger than ${bytes / 1024 ** 2} MiB and was stopped; OSSITE_MAX_OUTPUT sets the limit.`;

/** Words with which ffmpeg says that an encoder or muxer does not take what it was asked for. */
const REFUSAL =
  /opening encoder|initializing output stream|write header|not (currently )?supported|could not find tag|unsupported|invalid (channel|sample)|bit allocation/i;

function failed(command: Command, lines: readonly string[], cause: unknown): TaskFailure {
  const all = lines.join('\n');
  const files = [...command.inputs.map(({ file }) => resolve(file)), resolve(command.output)];
  const said = firstSentence(lines, files);
  if (REFUSAL.test(all)) {
    return new TaskFailure('InvalidArgument', `The parameters do not suit this source: ${said}`, all);
  }
  if (/Invalid data found/.test(all)) {
    return new TaskFailure('UnsupportedMedia', `The source cannot be decoded: ${said}`, all);
  }
  return new TaskFailure('InternalError', `The conversion failed: ${said}`, all === '' ? cause : all);
}

/** The first line that says something, without the address of ffmpeg's context and without paths of this machine. */
function firstSentence(lines: readonly string[], files: readonly string[]): string {
  for (const line of lines) {
    const named = files.reduce((text, file) => text.replaceAll(file, 'the file'), line.slice(0, 1000));
    const text = named
      .replace(/^(\[[^\]]*\] ?)+/, (tags) => `${/\[(\w+)/.exec(tags)?.[1] ?? ''}: `)
      .replace(/^(the file: )+/, '')
      .replace(/[^\x20-\x7e]/g, '?')
      .replace(/ +/g, ' ')
      .trim();
    if (text !== '') return text.slice(0, 300);
  }
  return 'ffmpeg gave no reason.';
}
