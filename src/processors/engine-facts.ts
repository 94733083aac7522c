/** Which engines this machine has: what `/_ossite/info` tells and a user looks at first when something is refused. */
import { type Children, findProgram } from './children.ts';

export interface EngineFacts {
  /** Version, or `undefined` when it is not installed. */
  readonly version: string | undefined;
  /** What needs it. */
  readonly neededFor: string;
}

interface Probe {
  readonly program: string;
  readonly args: readonly string[];
  readonly version: RegExp;
  readonly neededFor: string;
}

const probes: Readonly<Record<string, Probe>> = {
  ffmpeg: { program: 'ffmpeg', args: ['-version'], version: /^ffmpeg version (\S+)/m, neededFor: 'video and audio' },
  ffprobe: { program: 'ffprobe', args: ['-version'], version: /^ffprobe version (\S+)/m, neededFor: 'video and audio' },
  soffice: { program: 'soffice', args: ['--version'], version: /LibreOffice (\S+)/, neededFor: 'documents' },
  pdftoppm: { program: 'pdftoppm', args: ['-v'], version: /version (\S+)/, neededFor: 'pages of documents' },
};

/** Asks every engine for its version. LibreOffice takes a moment to tell. */
export async function describeEngines(children: Children): Promise<Readonly<Record<string, EngineFacts>>> {
  const { default: sharp } = await import('sharp');
  const images = {
    sharp: { version: sharp.versions.sharp, neededFor: 'images' },
    libvips: { version: sharp.versions.vips, neededFor: 'images' },
  };
  const found = await Promise.all(
    Object.entries(probes).map(async ([name, probe]) => [name, await ask(probe, children)] as const),
  );
  return { ...images, ...Object.fromEntries(found) };
}

async function ask({ program, args, version, neededFor }: Probe, children: Children): Promise<EngineFacts> {
  if ((await findProgram(program)) === undefined) return { version: undefined, neededFor };
  const { stdout, stderr } = await children.run(program, args, { signal: AbortSignal.timeout(10_000) });
  return { version: version.exec(stdout.toString('utf8') + stderr)?.[1] ?? 'unknown', neededFor };
}
