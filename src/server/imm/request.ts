/** Tells IMM's RPC apart from OSS on the same address, and reads it (documents-styles-tasks.md §6.2). */
import type { IncomingMessage } from 'node:http';
import { type Address, headerReader, parseTarget, readBody, type Target } from '../request.ts';

export interface ImmRequest {
  readonly method: string;
  readonly action: string;
  readonly version: string;
  readonly query: readonly (readonly [string, string])[];
  readonly form: readonly (readonly [string, string])[];
  readonly body: Buffer;
  header(name: string): string | undefined;
}

/** Far above what a call has to say. */
const MAX_BODY = 256 * 1024;

/**
 * Reads a call: a GET or POST on the service's root that names an action in its query, its form or `x-acs-action`. OSS
 * has no such key, and no POST on the service whose body is a form.
 * @returns `undefined` for what is none
 * @throws EntityTooLarge, IncompleteBody
 */
export async function readImmRequest(
  message: IncomingMessage,
  address: Address,
  { query, pairs }: Target,
): Promise<ImmRequest | undefined> {
  const { method = '' } = message;
  if (address.target !== 'service' || (method !== 'GET' && method !== 'POST')) return undefined;
  const { header } = headerReader(message);
  const named = query.get('Action') ?? header('x-acs-action');
  const isForm = header('content-type')?.toLowerCase().startsWith('application/x-www-form-urlencoded') === true;
  if (named === undefined && !isForm) return undefined;
  const body = method === 'POST' ? await readBody({ body: message, header }, MAX_BODY) : Buffer.alloc(0);
  const form = isForm ? parseTarget(`?${body.toString('latin1')}`).pairs : [];
  const inForm = new Map(form);
  const action = named ?? inForm.get('Action');
  if (action === undefined) return undefined;
  const version = query.get('Version') ?? header('x-acs-version') ?? inForm.get('Version') ?? '';
  return { method, action, version, query: pairs, form, body, header };
}
