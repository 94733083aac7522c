/** IMM's RPC API, as far as it tells of the tasks that OSS starts: finds its actions in this folder and answers in JSON. */
import { randomUUID } from 'node:crypto';
import type { Services } from '../action.ts';
import type { Outcome } from '../auth/index.ts';
import { FaultError } from '../faults/strike.ts';
import { loadFolder } from '../folder.ts';
import type { Reply } from '../reply.ts';
import { type ImmAction, ImmError } from './call.ts';
import type { ImmRequest } from './request.ts';
import { type ImmVerdict, verifyImm } from './signature.ts';

const VERSION = '2020-09-30';

/** Clocks may differ by this much. */
const SKEW_MS = 15 * 60 * 1000;

/** Reads the folder. @throws Error when a file has no default export */
export const loadImmActions = (): Promise<readonly ImmAction[]> =>
  loadFolder<ImmAction>(new URL('./actions/', import.meta.url));

export interface ImmAnswer {
  readonly reply: Reply;
  /** Code of a refusal. */
  readonly code?: string;
  readonly auth: Outcome;
}

/**
 * Answers a call; what it is refused with is an answer, too.
 * @param strike lets faults strike before the action runs @throws what it throws, but FaultError
 */
export async function answerImm(
  req: ImmRequest,
  host: string,
  actions: readonly ImmAction[],
  oss: Services,
  strike: (action: string) => Promise<void>,
): Promise<ImmAnswer> {
  const requestId = randomUUID().toUpperCase();
  const { auth: mode, 'access-keys': keys } = oss.settings;
  const verdict = mode === 'off' ? undefined : verifyImm(req, keys);
  const auth = verdict?.outcome ?? 'unchecked';
  const reply = (status: number, members: object): Reply => ({
    status,
    headers: { 'x-acs-request-id': requestId, ...(verdict === undefined ? {} : { 'x-ossite-auth': auth }) },
    body: { json: JSON.stringify(members), type: 'application/json;charset=utf-8' },
  });
  try {
    if (mode === 'strict' && verdict !== undefined) enforce(verdict);
    const params = new Map([...req.query, ...req.form]);
    checkForm(req.version, params);
    const action = actions.find(({ name }) => name === req.action);
    // The wording of these refusals is that of Alibaba Cloud's gateway for all its RPC APIs.
    if (action === undefined)
      throw new ImmError(
        404,
        'InvalidAction.NotFound',
        'Specified api is not found, please check your url and method.',
      );
    await strike(action.name);
    return { reply: reply(200, { RequestId: requestId, ...action.run({ params }, oss) }), auth };
  } catch (error) {
    if (!(error instanceof ImmError || error instanceof FaultError)) throw error;
    const { code, message: Message, status } = error;
    const Recommend = `https://api.aliyun.com/troubleshoot?q=${code}&product=imm&requestId=${requestId}`;
    return { reply: reply(status, { RequestId: requestId, HostId: host, Code: code, Message, Recommend }), code, auth };
  }
}

function checkForm(version: string, params: ReadonlyMap<string, string>): void {
  if (version === '') throw new ImmError(400, 'MissingVersion', 'Version is mandatory for this action.');
  if (version !== VERSION) throw new ImmError(400, 'InvalidVersion', 'Specified parameter Version is not valid.');
  if (params.get('Format')?.toUpperCase() === 'XML')
    throw new ImmError(400, 'InvalidArgument', '[Format]:is invalid. This emulator answers in JSON only.');
}

/** @throws ImmError when the signature would not be accepted */
function enforce({ outcome, time, stringToSign }: ImmVerdict): void {
  if (outcome === 'anonymous')
    throw new ImmError(400, 'MissingAccessKeyId', 'AccessKeyId is mandatory for this action.');
  if (outcome === 'unknown-key')
    throw new ImmError(404, 'InvalidAccessKeyId.NotFound', 'Specified access key is not found.');
  if (time === '') throw new ImmError(400, 'MissingTimestamp', 'Timestamp is mandatory for this action.');
  // A time that can not be read is far from now as well.
  if (!(Math.abs(Date.now() - Date.parse(time)) <= SKEW_MS))
    throw new ImmError(400, 'InvalidTimeStamp.Expired', 'Specified time stamp or date value is expired.');
  if (outcome === 'mismatch') {
    const text = `Specified signature is not matched with our calculation. server string to sign is:${stringToSign}`;
    throw new ImmError(400, 'SignatureDoesNotMatch', text);
  }
}
