/** The control API under `/_ossite/`: finds its routes in this folder and answers in JSON. */
import type { IncomingMessage } from 'node:http';
import { OssError } from '../../store/errors.ts';
import type { Services } from '../action.ts';
import { enforceOwnPage } from '../browsers.ts';
import { loadFolder } from '../folder.ts';
import type { Namespaces } from '../namespaces.ts';
import type { Reply } from '../reply.ts';
import { type Address, CONTROL, headerReader, readBody, type Target } from '../request.ts';
import type { Console, Visitor } from './console.ts';
import { ControlError, type Route } from './route.ts';

/** What answers under `/_ossite/`. */
export interface Control {
  readonly routes: readonly Route[];
  /** Absent when it is turned off. */
  readonly console: Console | undefined;
}

/** Who asks, and how. */
export interface Caller extends Omit<Visitor, 'host' | 'header'> {
  readonly message: IncomingMessage;
  readonly target: Target;
  /** As it was addressed. */
  readonly host: string;
  /** The same when it is one of the service's own. */
  readonly ownHost: string | undefined;
}

/** Reads the folder; a file holds one route or several that belong together. */
export async function loadRoutes(): Promise<readonly Route[]> {
  return (await loadFolder<Route | readonly Route[]>(new URL('./routes/', import.meta.url))).flat();
}

/** Path style only: a bucket's name can not contain `_`, and under a bucket's own host this is an ordinary key. */
export const isControl = (address: Address): boolean => address.style === 'path' && address.bucket === CONTROL;

/** Answers a request of the control API; a mistake in it is an answer, too. */
export async function answerControl(
  address: Address,
  caller: Caller,
  control: Control,
  namespaces: Namespaces,
): Promise<Reply> {
  const { status, headers, body } = await answered(address, caller, control, namespaces);
  // Browsers are to take an answer for what it says it is, and to keep none that does not say so.
  const usual = { 'X-Content-Type-Options': 'nosniff', 'Cache-Control': 'no-store' };
  return { status, headers: { ...usual, ...headers }, ...(body === undefined ? {} : { body }) };
}

async function answered(
  address: Address,
  { message, target, host, ownHost, takes }: Caller,
  { routes, console }: Control,
  namespaces: Namespaces,
): Promise<Reply> {
  try {
    if (ownHost === undefined) throw new ControlError(403, 'ForbiddenHost', strangeHost(host));
    const { header } = headerReader(message);
    enforceOwnPage(message.method, header, ownHost);
    const page = await console?.answer(address.key, { host: ownHost, header, takes });
    if (page !== undefined && isRead(message)) return page;
    if (page !== undefined) throw notAnswered(address, ['GET', 'HEAD']);
    const oss = await chosen(target.query.get('namespace') ?? '', namespaces);
    const here = routes.flatMap((route) => {
      const name = match(route.path, address.key);
      return name === undefined ? [] : [{ route, name }];
    });
    if (here.length === 0) throw new ControlError(404, 'NotFound', `there is no /_ossite/${address.key}`);
    const found = here.find(({ route }) => route.method === message.method);
    if (found === undefined)
      throw notAnswered(
        address,
        here.map(({ route }) => route.method),
      );
    const json = (empty?: unknown) => readJson(message, empty);
    const answer = await found.route.run({ name: found.name, host, query: target.query, json }, oss);
    if ('json' in answer) return jsonReply(answer.status, answer.json);
    if ('stream' in answer) {
      return { status: answer.status, headers: { 'Content-Type': answer.type }, body: { stream: answer.stream } };
    }
    return {
      status: answer.status,
      headers: { 'Content-Type': answer.type },
      body: { bytes: Buffer.from(answer.text) },
    };
  } catch (error) {
    if (!(error instanceof ControlError)) throw error;
    return jsonReply(error.status, { error: { code: error.code, message: error.message } });
  }
}

const isRead = ({ method }: IncomingMessage): boolean => method === 'GET' || method === 'HEAD';

const notAnswered = ({ key }: Address, methods: readonly string[]) =>
  new ControlError(405, 'MethodNotAllowed', `/_ossite/${key} answers ${methods.join(', ')}`);

/** A page whose name somebody lets point to this machine would have the origin of the control API. */
const strangeHost = (host: string): string =>
  `${host} is no name of this server: the setting hosts (OSSITE_HOSTS=localhost,127.0.0.1,NAME) says which there are`;

/** The namespace that a request is about. @throws ControlError */
async function chosen(name: string, namespaces: Namespaces): Promise<Services> {
  if (name !== '' && !namespaces.has(name))
    throw new ControlError(
      400,
      'InvalidArgument',
      `${name} can be no namespace: the setting namespaces says which are`,
    );
  try {
    return await namespaces.of(name);
  } catch (error) {
    if (!(error instanceof OssError)) throw error;
    throw new ControlError(error.status, error.code, error.message);
  }
}

/** Bytes that a body of the control API may have: many requests to be signed, with long process strings. */
const MAX_BODY = 1024 * 1024;

/** @throws ControlError */
async function readJson(message: IncomingMessage, empty: unknown): Promise<unknown> {
  try {
    const body = await readBody({ ...headerReader(message), body: message }, MAX_BODY);
    if (body.length === 0 && empty !== undefined) return empty;
    return JSON.parse(body.toString('utf8')) as unknown;
  } catch (error) {
    throw new ControlError(400, 'InvalidArgument', `the body is no JSON: ${(error as Error).message}`);
  }
}

const jsonReply = (status: number, json: unknown): Reply => ({
  status,
  body: { json: `${JSON.stringify(json, null, 2)}\n` },
});

/** @returns what stands for the `{…}` of the pattern, empty when it has none; `undefined` when the path does not fit */
function match(pattern: string, path: string): string | undefined {
  const wanted = pattern.split('/');
  const given = path.replace(/\/$/, '').split('/');
  if (wanted.length !== given.length) return undefined;
  let name = '';
  for (const [i, part] of wanted.entries()) {
    if (part.startsWith('{')) name = given[i] ?? '';
    else if (part !== given[i]) return undefined;
  }
  return name;
}
