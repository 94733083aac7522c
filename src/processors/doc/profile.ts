/**
 * The user profile and the desk of the office: where it may read and write, and every setting that keeps a document
 * from reaching beyond itself. Written anew at every start.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, realpath, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { TaskFailure } from '../failure.ts';

/** The places one office works in. */
export interface Desk {
  /** Holds everything but the document; its name is random, so that no document can name a file inside. */
  readonly root: string;
  /** The one file a document could name: itself. */
  readonly document: string;
  /** `UserInstallation`, as the URL from which LibreOffice derives the name of its socket. */
  readonly profileUrl: string;
  readonly brandUrl: string;
  /** A document that stays open, so that the office stays. */
  readonly keepFile: string;
  /** Path of soffice. */
  readonly program: string;
  /** Where the office puts what it has made. */
  readonly results: string;
  /** Process id of the client that runs, while it runs. */
  readonly clientPid: string;
  /** Where libreoffice-convert puts its directories. */
  readonly jobs: string;
  /** TMPDIR of the office. */
  readonly temp: string;
}

/**
 * Makes the desk.
 * @param dir the office's directory, which outlives the desk
 * @param program path of soffice
 * @throws TaskFailure EngineMissing when LibreOffice cannot use the directory's name
 */
export async function layOut(dir: string, program: string): Promise<Desk> {
  if (/[%;$]/.test(dir)) {
    throw new TaskFailure('EngineMissing', 'LibreOffice cannot work in a data directory whose path has a %, ; or $.');
  }
  const name = randomBytes(16).toString('hex');
  const root = join(dir, name);
  const installation = join(root, 'installation');
  const desk: Desk = {
    root,
    document: join(dir, 'document', 'source'),
    profileUrl: urlOf(join(root, 'profile')),
    brandUrl: urlOf(installation),
    // A stale lock of an office that was killed makes every later hand-off cold, hence a new name each time.
    keepFile: join(root, `${name}.html`),
    program,
    results: join(root, 'results'),
    clientPid: join(root, 'client.pid'),
    jobs: join(root, 'jobs'),
    temp: join(root, 'temp'),
  };
  const folders = [join(root, 'profile', 'user'), desk.results, desk.jobs, desk.temp, dirname(desk.document)];
  for (const folder of folders) await mkdir(folder, { recursive: true, mode: 0o700 });
  await symlink(dirname(dirname(await realpath(program))), installation);
  const settings = registry(root, desk.document, await buildOf(installation));
  await writeFile(join(root, 'profile', 'user', 'registrymodifications.xcu'), settings);
  await writeFile(desk.keepFile, '<html><body>This document keeps the office open.</body></html>');
  return desk;
}

/** A profile without the build's name is taken for one of another version: the office would start, then start again. */
async function buildOf(installation: string): Promise<string> {
  const versions = await readFile(join(installation, 'program', 'versionrc'), 'utf8').catch(() => '');
  return /^buildid=(.+)$/m.exec(versions)?.[1]?.trim() ?? '';
}

/** A path as LibreOffice spells it in URLs: it compares them as text. */
const urlOf = (path: string) => pathToFileURL(path).href.replaceAll('%7E', '~');

type Setting = readonly [path: string, name: string, value: string];

const SCRIPTING = '/org.openoffice.Office.Common/Security/Scripting';
const PROVIDERS = "/org.openoffice.ucb.Configuration/ContentProviders/['Local']/SecondaryKeys/['Office']/ProviderData";

const PICTURE_FILTERS = '/org.openoffice.TypeDetection.GraphicFilter/Filters';

const SETTINGS: readonly Setting[] = [
  [SCRIPTING, 'MacroSecurityLevel', '3'],
  [SCRIPTING, 'DisableMacrosExecution', 'true'],
  [SCRIPTING, 'BlockUntrustedRefererLinks', 'true'],
  // 2: never
  ['/org.openoffice.Office.Writer/Content/Update', 'Link', '2'],
  ['/org.openoffice.Office.Calc/Content/Update', 'Link', '2'],
  ['/org.openoffice.Office.Common/Misc', 'UseLocking', 'false'],
  ['/org.openoffice.Office.Common/Misc', 'UseDocumentSystemFileLocking', 'false'],
  ['/org.openoffice.Office.Recovery/AutoSave', 'Enabled', 'false'],
  ['/org.openoffice.Office.Recovery/RecoveryInfo', 'Enabled', 'false'],
  // A4 paper for sources that name no paper, such as text (IMM's default, documents-styles-tasks.md §1.1.4).
  ['/org.openoffice.Setup/L10N', 'ooSetupSystemLocale', 'zh-CN'],
];

/** Names of LibreOffice's own providers for ftp, http(s), webdav(s) and CMIS. */
const NETWORK = [
  'Provider6',
  'Provider3',
  'Provider4',
  'Provider4a',
  'Provider12',
  'Provider12a',
  'Provider12b',
  'Provider43',
];

/**
 * Pictures inside documents that are not drawn: LibreOffice opens the files an SVG mentions without asking any provider,
 * and starts whatever interpreter it finds for EPS.
 */
const CLOSED_PICTURES = ['svg_Import', 'eps_Import'];

/**
 * The wall is here: LibreOffice reaches every URL through a content provider. Those of the network are given a scheme
 * that nobody writes, and the one for files answers only for the document itself and for the random root. The settings
 * above would not be enough: pictures of presentations and page backgrounds are loaded in spite of them.
 */
function registry(root: string, document: string, build: string): string {
  const provider = (name: string) => `${PROVIDERS}/['${name}']`;
  const documentOnly = `"${urlOf(document)}"([/?#].*)?`;
  const rootOnly = `"${urlOf(root)}/".*`;
  const items = [
    ...SETTINGS,
    ...NETWORK.map((name): Setting => [provider(name), 'URLTemplate', 'vnd.ossite.closed']),
    [provider('Provider2'), 'URLTemplate', documentOnly] as const,
    ['/org.openoffice.Setup/Office', 'LastCompatibilityCheckID', build] as const,
    ...CLOSED_PICTURES.flatMap((name): Setting[] => [
      [`${PICTURE_FILTERS}/['${name}']`, 'FormatName', 'closed'],
      [`${PICTURE_FILTERS}/['${name}']`, 'Flags', ''],
    ]),
  ];
  return `<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
${items.map(([path, name, value]) => `<item oor:path="${path}">${property(name, value)}</item>`).join('\n')}
<item oor:path="${PROVIDERS}"><node oor:name="Ossite" oor:op="replace">${property('ServiceName', 'com.sun.star.ucb.FileContentProvider')}${property('URLTemplate', rootOnly)}${property('Arguments', '')}</node></item>
</oor:items>
`;
}

const property = (name: string, value: string) =>
  `<prop oor:name="${name}" oor:op="fuse"><value>${value.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</value></prop>`;
