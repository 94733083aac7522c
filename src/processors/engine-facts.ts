/** Which engines this machine has: what `/_ossite/info` tells and a user looks at first when something is refused. */
import { type Children, firstInstalled } from './children.ts';
import { DECODERS, ENCODER } from './image/heif.ts';

export interface EngineFacts {
  /** Version, or `undefined` when it is not installed. */
  readonly version: string | undefined;
  /** What needs it. */
  readonly neededFor: string;
  /** Families of operations that do nothing without it. */
  readonly families: readonly string[];
}

interface Probe {
  /** The first one that is installed is asked. */
  readonly programs: readonly string[];
  readonly args: readonly string[];
  readonly version: RegExp;
  readonly neededFor: string;
  readonly families: readonly string[];
}

const media = { neededFor: 'video and audio', families: ['video', 'audio', 'hls'] };

const HEIF_VERSION = /libheif version: (\S+)/;

const probes: Readonly<Record<string, Probe>> = {
  ffmpeg: { programs: ['ffmpeg'], args: ['-version'], version: /^ffmpeg version (\S+)/m, ...media },
  ffprobe: {
    programs: ['ffprobe'],
    args: ['-version'],
    version: /^ffprobe version (\S+)/m,
    ...media,
  },
  soffice: {
    programs: ['soffice'],
    args: ['--version'],
    version: /LibreOffice (\S+)/,
    neededFor: 'documents',
    families: ['doc', 'imm'],
  },
  pdftoppm: {
    programs: ['pdftoppm'],
    args: ['-v'],
    version: /version (\S+)/,
    neededFor: 'pages of documents',
    families: ['doc', 'imm'],
  },
  'heif-convert': {
    programs: DECODERS,
    args: ['--help'],
    version: HEIF_VERSION,
    neededFor: 'HEIC pictures as sources',
    families: [],
  },
  'heif-enc': {
    programs: [ENCODER],
    args: ['--help'],
    version: HEIF_VERSION,
    neededFor: 'HEIC pictures as results',
    families: [],
  },
};

/** What was told of a program that was there: LibreOffice takes a second to tell, and the console asks often. */
const told = new Map<string, string>();

/** Says which engines are there, and their versions. */
export async function describeEngines(children: Children): Promise<Readonly<Record<string, EngineFacts>>> {
  const { default: sharp } = await import('sharp');
  const images = {
    sharp: { version: sharp.versions.sharp, neededFor: 'images', families: ['image'] },
    libvips: { version: sharp.versions.vips, neededFor: 'images', families: ['image'] },
  };
  const found = await Promise.all(
    Object.entries(probes).map(async ([name, probe]) => [name, await ask(probe, children)] as const),
  );
  return { ...images, ...Object.fromEntries(found) };
}

async function ask({ programs, args, version, neededFor, families }: Probe, children: Children): Promise<EngineFacts> {
  const program = await firstInstalled(programs);
  if (program === undefined) return { version: undefined, neededFor, families };
  const known = told.get(program);
  if (known !== undefined) return { version: known, neededFor, families };
  const { stdout, stderr } = await children.run(program, args, { signal: AbortSignal.timeout(10_000) });
  const found = version.exec(stdout.toString('utf8') + stderr)?.[1];
  if (found !== undefined) told.set(program, found);
  return { version: found ?? 'unknown', neededFor, families };
}
