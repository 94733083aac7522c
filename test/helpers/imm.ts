/** Calls of IMM's RPC, in the ways in which clients write them. */
import { expect } from 'vitest';
import type { Answer, frontDoor } from './ossite.ts';

export type Params = Readonly<Record<string, string>>;
export type Json = Readonly<Record<string, unknown>>;
type Request = ReturnType<typeof frontDoor>['request'];

export const form = (params: Params): string => new URLSearchParams(params).toString();
export const urlencoded = { 'content-type': 'application/x-www-form-urlencoded' };

const styles = {
  'GET with a query': (request, params) => request('get', `/?${form(params)}`),
  'POST with a form': (request, params) => request('post', '/', { body: form(params), headers: urlencoded }),
  'POST with a query': (request, params) => request('post', `/?${form(params)}`),
  'x-acs-action with a query': (request, { Action = '', Version = '', ...params }) =>
    request('post', `/?${form(params)}`, { headers: { 'x-acs-action': Action, 'x-acs-version': Version } }),
  'x-acs-action with a form': (request, { Action = '', Version = '', ...params }) =>
    request('post', '/', {
      body: form(params),
      headers: { ...urlencoded, 'x-acs-action': Action, 'x-acs-version': Version },
    }),
} satisfies Readonly<Record<string, (request: Request, params: Params) => Promise<Answer>>>;

export type Style = keyof typeof styles;
export const styleNames = Object.keys(styles) as readonly Style[];

/** A call that may be refused; its answer has IMM's form either way. */
export async function immCall(
  request: Request,
  params: Params,
  style: Style = 'GET with a query',
): Promise<{ readonly status: number; readonly body: Json }> {
  const answer = await styles[style](request, { Version: '2020-09-30', ProjectName: 'my-project', ...params });
  expect(answer.headers['content-type']).toBe('application/json;charset=utf-8');
  const body = JSON.parse(answer.text) as Json;
  expect(body.RequestId).toMatch(/^[0-9A-F]{8}-([0-9A-F]{4}-){3}[0-9A-F]{12}$/);
  expect(answer.headers['x-acs-request-id']).toBe(body.RequestId);
  return { status: answer.status, body };
}
