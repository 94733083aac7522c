/**
 * The only door to LibreOffice and libreoffice-convert. An office stays open between conversions, because a fresh one
 * costs more than a second a document; it takes one document at a time, since a lost one would be silent otherwise.
 */
import type { ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Children, EngineMissing, findProgram } from '../children.ts';
import { TaskFailure } from '../failure.ts';
import { type Desk, layOut } from './profile.ts';

/** One conversion. */
export interface OfficeJob {
  /** Extension of the result: `pdf`, `txt`, `fods`. */
  readonly to: string;
  /** Name of LibreOffice's import filter, with its options: what the document is, so that nothing is guessed. */
  readonly importFilter: string;
  /** Name of the export filter, where the extension alone does not say it. */
  readonly exportFilter?: string;
  readonly signal: AbortSignal;
  /** Hears what LibreOffice writes meanwhile. */
  said?(text: string): void;
}

export interface Office {
  /**
   * Converts a document in the resident office, which is started when first needed.
   * @returns the result, never empty
   * @throws TaskFailure OpenFileError (no result came out), ConvertTimeout, EngineMissing (it does not start); EngineMissing;
   * the signal's reason
   */
  convert(document: Buffer, job: OfficeJob): Promise<Buffer>;
  /** Ends the office. Conversions that run or wait are rejected. */
  close(): Promise<void>;
}

/** When an office is ended though it works. */
export interface OfficeLimits {
  /** Seconds a document may take. */
  readonly seconds: number;
  /** Documents after which a fresh office takes over. */
  readonly documents: number;
}

/** IMM gives up after 120 s (documents-styles-tasks.md §1.1.5); an office's memory grows by about 1.5 MB a document. */
const LIMITS: OfficeLimits = { seconds: 120, documents: 50 };
const START_LIMIT_MS = 60_000;
/** On a busy machine one start in some hundred ends by itself, without a word. */
const START_ATTEMPTS = 3;
/** Address space; it uses half a gigabyte, a hostile document is stopped here. */
const MEMORY_LIMIT_KIB = 4 * 1024 * 1024;

const CLIENT = fileURLToPath(new URL('./office-client.sh', import.meta.url));

/** The client may come back before the end of the office is known here. */
const EXIT_NOTICE_MS = 100;

interface Resident {
  readonly desk: Desk;
  readonly child: ChildProcess;
  jobs: number;
  /** Of the document that it works on. */
  said: OfficeJob['said'];
}

/**
 * One office.
 * @param dir a directory of its own inside the data directory, which need not exist
 */
export function createOffice(dir: string, children: Children, limits = LIMITS): Office {
  const closing = new AbortController();
  let resident: Resident | undefined;
  let last: Promise<unknown> = Promise.resolve();

  async function launch(program: string): Promise<Resident> {
    const desk = await layOut(resolve(dir), program);
    const limited = `ulimit -v ${MEMORY_LIMIT_KIB} 2>/dev/null; exec nice -n 5 "$0" "$@"`;
    const where = [`-env:UserInstallation=${desk.profileUrl}`, `-env:BRAND_BASE_DIR=${desk.brandUrl}`];
    const how = ['--headless', '--norestore', '--nologo', '--nodefault'];
    const child = await children.start('/bin/sh', ['-c', limited, program, ...where, ...how, desk.keepFile], {
      env: environment(desk),
    });
    const office: Resident = { desk, child, jobs: 0, said: undefined };
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => office.said?.(text));
    resident = office;
    return office;
  }

  async function start(signal: AbortSignal): Promise<Resident> {
    const program = await findOffice();
    for (let attempt = 1; ; attempt += 1) {
      const office = await launch(program);
      const ready = await isReady(office, signal).catch(async (error: unknown) => {
        await stop();
        throw error;
      });
      if (ready) return office;
      const ended = gone(office.child);
      await stop();
      if (!ended || attempt >= START_ATTEMPTS)
        throw new TaskFailure('EngineMissing', 'LibreOffice is installed but does not start on this machine.');
    }
  }

  async function stop(): Promise<void> {
    const office = resident;
    resident = undefined;
    if (office === undefined) return;
    children.end(office.child.pid as number);
    const client = Number(await readFile(office.desk.clientPid, 'utf8').catch(() => ''));
    if (client > 0) children.end(client);
    for (const path of socketsOf(office.desk.profileUrl)) await rm(path, { force: true });
    await rm(office.desk.document, { force: true });
    await rm(office.desk.root, { recursive: true, force: true, maxRetries: 3 });
  }

  async function attempt(document: Buffer, job: OfficeJob, signal: AbortSignal): Promise<Buffer> {
    if (resident !== undefined && gone(resident.child)) await stop();
    const office = resident ?? (await start(signal));
    office.jobs += 1;
    office.said = job.said;
    const limit = AbortSignal.timeout(limits.seconds * 1000);
    return convertIn(office.desk, document, job, AbortSignal.any([signal, limit])).catch(async (error: unknown) => {
      if (signal.aborted || !limit.aborted) throw error;
      await stop();
      throw new TaskFailure('ConvertTimeout', `The conversion took longer than ${limits.seconds} seconds.`, error);
    });
  }

  async function handOver(document: Buffer, job: OfficeJob): Promise<Buffer> {
    const signal = AbortSignal.any([job.signal, closing.signal]);
    signal.throwIfAborted();
    try {
      return await attempt(document, job, signal).catch(async (error: unknown) => {
        await sleep(EXIT_NOTICE_MS);
        if (signal.aborted || resident === undefined || !gone(resident.child)) throw error;
        // It died on this document or on one before: a fresh one tells which.
        return attempt(document, job, signal);
      });
    } catch (error) {
      job.signal.throwIfAborted();
      throw error;
    } finally {
      const { child, jobs } = resident ?? {};
      if (signal.aborted || child === undefined || gone(child) || (jobs ?? 0) >= limits.documents) await stop();
    }
  }

  return {
    /** One document at a time. */
    convert(document, job) {
      const turn = last.then(() => handOver(document, job));
      last = turn.catch(() => undefined);
      return turn;
    },
    async close() {
      closing.abort(new Error('The office is closed.'));
      await last;
      await stop();
    },
  };
}

async function convertIn(desk: Desk, document: Buffer, job: OfficeJob, signal: AbortSignal): Promise<Buffer> {
  const { convertWithOptions } = await import('libreoffice-convert');
  const format = job.exportFilter === undefined ? job.to : `${job.to}:${job.exportFilter}`;
  const options = {
    sofficeBinaryPaths: [CLIENT],
    // Given again because the package puts quotes around a filter whose name has a blank.
    sofficeAdditionalArgs: [`--infilter=${job.importFilter}`, '--convert-to', format],
    fileName: 'source',
    tmpOptions: { tmpdir: desk.jobs },
    // The client returns when the result is there or will never be.
    asyncOptions: { times: 1, interval: 1 },
    execOptions: { signal, killSignal: 'SIGKILL', env: { ...environment(desk), ...handOverBy(desk) } },
  };
  const result = await new Promise<Buffer>((resolve, reject) => {
    convertWithOptions(document, job.to, undefined, options, (error, data) => (error ? reject(error) : resolve(data)));
  }).catch((cause: unknown) => {
    signal.throwIfAborted();
    job.said?.(cause instanceof Error ? cause.message : String(cause));
    throw unreadable(cause);
  });
  if (result.length === 0) throw unreadable();
  return result;
}

/** LibreOffice asks gpg for keys when it starts: not for the user's. */
const environment = (desk: Desk): NodeJS.ProcessEnv => ({
  ...process.env,
  TMPDIR: desk.temp,
  GNUPGHOME: desk.temp,
  SAL_USE_VCLPLUGIN: 'svp',
});

/** What the client is told. */
const handOverBy = (desk: Desk): NodeJS.ProcessEnv => ({
  OFFICE_PROGRAM: desk.program,
  OFFICE_PROFILE: desk.profileUrl,
  OFFICE_DOCUMENT: desk.document,
  OFFICE_RESULTS: desk.results,
  OFFICE_CLIENT_PID: desk.clientPid,
});

const unreadable = (cause?: unknown) =>
  new TaskFailure('OpenFileError', 'The document cannot be opened: it is damaged or protected by a password.', cause);

const gone = (child: ChildProcess) => child.exitCode !== null || child.signalCode !== null;

/**
 * Waits for the socket, then for the first answer: an office that has just bound its socket may still lose a document.
 * @returns false when it ended before, or the time is up
 */
async function isReady({ desk, child }: Resident, signal: AbortSignal): Promise<boolean> {
  const giveUp = Date.now() + START_LIMIT_MS;
  const paths = socketsOf(desk.profileUrl);
  const greeting = { to: 'txt', importFilter: 'Text (encoded):UTF8', exportFilter: 'Text (encoded):UTF8' };
  while (Date.now() < giveUp && !gone(child)) {
    await sleep(50, undefined, { signal });
    const listening = await Promise.all(paths.map(exists));
    if (!listening.includes(true)) continue;
    const answer = await convertIn(desk, Buffer.from('ready'), { ...greeting, signal }, signal).catch(() => undefined);
    signal.throwIfAborted();
    if (answer !== undefined) return true;
  }
  return false;
}

/**
 * The socket by which a second soffice finds the first; LibreOffice prints the digest's bytes without leading zeros, and leaves
 * the user's number out when the machine has no such user, as in a container that runs with a number of its own.
 */
function socketsOf(profileUrl: string): string[] {
  const digest = createHash('md5').update(profileUrl, 'utf16le').digest();
  const hash = [...digest].map((byte) => byte.toString(16)).join('');
  const names = [`OSL_PIPE_${process.getuid?.() ?? 0}_SingleOfficeIPC_${hash}`, `OSL_PIPE_SingleOfficeIPC_${hash}`];
  const folders = new Set(['/tmp', '/var/tmp', tmpdir()]);
  return [...folders].flatMap((folder) => names.map((name) => join(folder, name)));
}

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

async function findOffice(): Promise<string> {
  for (const name of ['soffice', 'libreoffice', '/Applications/LibreOffice.app/Contents/MacOS/soffice']) {
    const path = await findProgram(name);
    if (path !== undefined) return path;
  }
  throw new EngineMissing('soffice');
}
