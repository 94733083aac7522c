/** What IMM's RPC refuses, and what is none of its calls. */
import { beforeAll, describe, expect, it } from 'vitest';
import { startOssite } from '../../src/server/index.ts';
import { immCall, type Json, type Params, urlencoded } from '../helpers/imm.ts';
import { b64, endpoint, freshBucket, frontDoor, request } from '../helpers/ossite.ts';

let bucket: string;
beforeAll(async () => {
  bucket = await freshBucket();
});

describe('a call is refused', () => {
  const list = { Action: 'ListTasks' };
  it.each([
    [{ Action: 'GetTask', ProjectName: '' }, 400, 'MissingProjectName', 'ProjectName is mandatory for this action.'],
    [{ Action: 'GetTask' }, 400, 'MissingTaskType', 'TaskType is mandatory for this action.'],
    [{ Action: 'GetTask', TaskType: 'MediaConvert' }, 400, 'MissingTaskId', 'TaskId is mandatory for this action.'],
    [
      { Action: 'GetTask', TaskType: 'x', TaskId: 'x' },
      404,
      'ResourceNotFound',
      'The specified resource Task is not found.',
    ],
    [
      { Action: 'GetTask', TaskType: 'x', TaskId: 'x', RequestDefinition: 'maybe' },
      400,
      'InvalidArgument',
      /RequestDefinition/,
    ],
    [{ ...list, ProjectName: '' }, 400, 'MissingProjectName', /ProjectName/],
    [{ ...list, MaxResults: '0' }, 400, 'InvalidArgument', /MaxResults.*from 1 to 100/],
    [{ ...list, MaxResults: '101' }, 400, 'InvalidArgument', /MaxResults/],
    [{ ...list, MaxResults: '1e1' }, 400, 'InvalidArgument', /MaxResults/],
    [{ ...list, Status: 'Queued' }, 400, 'InvalidArgument', /Status.*one of Running, Succeeded, Failed/],
    [{ ...list, Sort: 'Bucket' }, 400, 'InvalidArgument', /Sort.*one of TaskId, StartTime, EndTime/],
    [{ ...list, Order: 'up' }, 400, 'InvalidArgument', /Order/],
    [{ ...list, NextToken: 'nonsense' }, 400, 'InvalidArgument', /NextToken/],
    [{ ...list, NextToken: b64('["TaskId",1,"x"]') }, 400, 'InvalidArgument', /NextToken/],
    [{ ...list, NextToken: b64('["EndTime",1,"x"]') }, 400, 'InvalidArgument', /NextToken/],
    [{ ...list, NextToken: b64('{"a":1}') }, 400, 'InvalidArgument', /NextToken/],
    [{ ...list, TaskTypes: 'MediaConvert' }, 400, 'InvalidArgument', /TaskTypes/],
    [{ ...list, TaskTypes: '[1]' }, 400, 'InvalidArgument', /TaskTypes/],
    [{ ...list, StartTimeRange: '{' }, 400, 'InvalidArgument', /StartTimeRange/],
    [{ ...list, StartTimeRange: '[]' }, 400, 'InvalidArgument', /StartTimeRange/],
    [{ ...list, StartTimeRange: '{"Start":1}' }, 400, 'InvalidArgument', /StartTimeRange.Start/],
    [{ ...list, 'EndTimeRange.End': 'yesterday' }, 400, 'InvalidArgument', /EndTimeRange.End/],
    [{ ...list, 'EndTimeRange.End': '2021-13-41T00:00:00Z' }, 400, 'InvalidArgument', /EndTimeRange.End/],
    [{ ...list, Version: '' }, 400, 'MissingVersion', /Version/],
    [{ ...list, Version: '2017-09-06' }, 400, 'InvalidVersion', /Version/],
    [{ ...list, Format: 'XML' }, 400, 'InvalidArgument', /Format/],
    [{ Action: 'DeleteTask' }, 404, 'InvalidAction.NotFound', /not found/],
    [{ Action: '' }, 404, 'InvalidAction.NotFound', /not found/],
    [{ Action: 'constructor' }, 404, 'InvalidAction.NotFound', /not found/],
  ] as [Params, number, string, string | RegExp][])('%j: %i %s', async (params, status, code, message) => {
    const { status: got, body } = await immCall(request, params);
    expect([got, body.Code]).toEqual([status, code]);
    expect(body.Message).toMatch(message);
    expect(body.HostId).toBe(new URL(endpoint).host);
    expect(body.Recommend).toContain(`q=${code}&`);
    expect(Object.keys(body)).toEqual(['RequestId', 'HostId', 'Code', 'Message', 'Recommend']);
  });
});

describe('odd values find nothing, and break nothing', () => {
  it.each([
    [{ TaskTypes: '["\\ud800"]' }],
    [{ TaskTypes: '[]', 'TaskTypes.1': '\u0000' }],
    [{ NextToken: b64('["TaskId","\\uffff\\u0000","x"]') }],
    [{ Sort: 'EndTime', NextToken: b64('["EndTime",1e999,"x"]') }],
    [{ 'StartTimeRange.Start': '9999-12-31T23:59:59.999999999Z' }],
    [{ ProjectName: 'p'.repeat(60_000), Status: 'Succeeded', TaskTypes: '["x"]' }],
  ] as Params[][])('%#', async (params) => {
    const { status, body } = await immCall(request, { Action: 'ListTasks', ...params }, 'POST with a form');
    expect([status, body.Tasks]).toEqual([200, []]);
  });
});

describe('what is no call stays with OSS', () => {
  it.each([
    ['get', '/', {}, 200, '<ListAllMyBucketsResult>'],
    ['get', '/?prefix=b&max-keys=10', {}, 200, '<ListAllMyBucketsResult>'],
    ['get', '/BUCKET?Action=GetTask', {}, 200, '<ListBucketResult>'],
    ['get', '/?Action=GetTask', { host: 'BUCKET.localhost' }, 200, '<ListBucketResult>'],
    ['put', '/?Action=GetTask', {}, 405, '<Code>MethodNotAllowed</Code>'],
    ['post', '/', urlencoded, 405, '<Code>MethodNotAllowed</Code>'],
  ] as const)('%s %s %j', async (method, path, headers, status, part) => {
    const sent = { ...headers, ...('host' in headers ? { host: headers.host.replace('BUCKET', bucket) } : {}) };
    const body = method === 'post' ? { body: 'a=b' } : {};
    const answer = await request(method, path.replace('BUCKET', bucket), { headers: sent, ...body });
    expect([answer.status, answer.text.includes(part)], answer.text).toEqual([status, true]);
  });

  it('a form that is far too large is refused', async () => {
    const body = `Action=ListTasks&x=${'y'.repeat(300_000)}`;
    const answer = await request('post', '/', { body, headers: urlencoded });
    expect([answer.status, answer.text.includes('EntityTooLarge')]).toEqual([400, true]);
  });

  it('without an IMM project there are no tasks', async () => {
    const unbound = await startOssite({ port: 0, storage: 'memory', log: 'error', imm: 'unbound' });
    const door = frontDoor(unbound.endpoint);
    const { status, text } = await door.request('get', '/?Action=ListTasks&Version=2020-09-30&ProjectName=p');
    expect([status, (JSON.parse(text) as Json).Code]).toEqual([404, 'ResourceNotFound']);
    await unbound.close();
  });
});
