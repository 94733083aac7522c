/** Every mistake that is visible in the text, with the answer OSS gives it. */
import { beforeAll, describe, expect, it } from 'vitest';
import { type Plan, plan, type Via } from '../../src/processors/plan.ts';
import { loadRegistry, type Registry } from '../../src/processors/registry.ts';
import { OssError } from '../../src/store/errors.ts';

let registry: Registry;
beforeAll(async () => {
  registry = await loadRegistry();
});

const styles: Readonly<Record<string, string>> = {
  small: 'image/resize,w_50',
  nested: 'style/small',
  chained: 'image/resize,w_50|image/rotate,90',
  saving: 'sys/saveas,o_dA',
  nonsense: 'csdar5324',
};

const planned = (text: string, via: Via = 'post', strict = false): Plan =>
  plan(text, via, { registry, style: (name) => styles[name], strict });

function refusal(text: string, via: Via = 'post', strict = false): OssError {
  try {
    planned(text, via, strict);
  } catch (error) {
    if (error instanceof OssError) return error;
    throw error;
  }
  throw new Error(`${text} was accepted`);
}

const SAVE = '|sys/saveas,o_dGVzdC5qcGc,b_dGVzdA';

describe('synchronous mistakes', () => {
  it.each<[string, Via, string, string, string | undefined]>([
    ['', 'post', 'InvalidRequest', 'no x-oss-process parameter found', undefined],
    ['test', 'post', 'InvalidArgument', 'operation not support post: test', undefined],
    ['test', 'get', 'InvalidArgument', 'operation not support get: test', undefined],
    ['image/resize,w_100|saveas,o_dA', 'post', 'InvalidArgument', 'operation not support post: saveas', undefined],
    [`image/resize,w_100${SAVE}`, 'get', 'InvalidArgument', 'operation not support get: saveas', undefined],
    ['video/convert,f_mp4', 'post', 'InvalidArgument', 'operation not support post: video/convert', undefined],
    ['doc/convert,target_png', 'get', 'InvalidArgument', 'operation not support get: doc/convert', undefined],
    ['doc/snapshot', 'post', 'InvalidArgument', 'operation not support post: doc/snapshot', undefined],
    ['doc/snapshot/convert,target_png', 'get', 'InvalidArgument', 'operation not support get: doc/convert', undefined],
    [
      'doc/convert,target_png/snapshot',
      'post',
      'InvalidArgument',
      'operation not support post: doc/convert',
      undefined,
    ],
    ['image/', 'get', 'InvalidArgument', 'The operation of image is missing.', '0040-00000212'],
    ['image/slim,1', 'get', 'InvalidArgument', 'The operation image/slim does not exist.', '0040-00000213'],
    [
      'image/resize,w_99999999',
      'get',
      'InvalidArgument',
      'The value: 99999999 of parameter: w is invalid.',
      '0040-00000312',
    ],
    ['image/resize,m_abc,w_1', 'get', 'InvalidArgument', 'The value: abc of parameter: m is invalid.', '0040-00000311'],
    ['image/format,f_png', 'get', 'InvalidArgument', 'The value: f of parameter: f is invalid.', '0040-00000206'],
    ['image/rotate', 'get', 'MissingArgument', 'Missing Some Required Arguments.', '0040-00000216'],
    ['image/rotate,a_90', 'get', 'InvalidArgument', 'The value: a of parameter: rotate is invalid.', '0040-00000217'],
    [
      'image/rotate,90,200,300',
      'get',
      'InvalidArgument',
      'The value: 200 of parameter: rotate is invalid.',
      '0040-00000203',
    ],
    ['image/watermark,text_%%', 'get', 'BadRequest', 'Input is not base64 decoding.', '0040-00000258'],
    [
      'image/faces',
      'get',
      'NotImplemented',
      'A header you provided implies functionality that is not implemented.',
      undefined,
    ],
    [
      'image/resize,w_100|sys/saveas,b_dGVzdA',
      'post',
      'MissingArgument',
      'Missing Some Required Arguments.',
      undefined,
    ],
    ['image/resize,w_100|sys/saveas,o_*', 'post', 'BadRequest', 'Input is not base64 decoding.', undefined],
    ['image/resize,w_100|sys/', 'post', 'InvalidArgument', 'The operation of sys is missing.', '0040-00000212'],
    [
      'image/resize,w_100|sys/saveas,o_L2E',
      'post',
      'InvalidObjectName',
      'The specified object is not valid.',
      '0016-00000005',
    ],
    [
      'image/resize,w_100|sys/saveas,o_dA,b_WF8',
      'post',
      'InvalidBucketName',
      'The specified bucket is not valid.',
      undefined,
    ],
    // {index} and {nope} are no variables of a picture; {a is not closed.
    [
      'image/resize,w_100|sys/saveas,o_e2luZGV4fQ',
      'post',
      'InvalidArgument',
      'The value: {index} of parameter: o is invalid.',
      undefined,
    ],
    [
      'image/resize,w_100|sys/saveas,o_e25vcGV9',
      'post',
      'InvalidArgument',
      'The value: {nope} of parameter: o is invalid.',
      undefined,
    ],
    [
      'image/resize,w_100|sys/saveas,o_e2E',
      'post',
      'InvalidArgument',
      'The value: {a of parameter: o is invalid.',
      undefined,
    ],
    [`image/info${SAVE}`, 'post', 'InvalidArgument', 'info gives information and can not be saved.', undefined],
    [
      'image/resize,w_1/info',
      'get',
      'InvalidArgument',
      'image/info must be the only action of the process string.',
      undefined,
    ],
    ['style/nope', 'get', 'NoSuchStyle', 'The style you get is not found.', undefined],
    [
      'style/nested',
      'get',
      'InvalidArgument',
      'The content of style nested can not be used: it names another style.',
      undefined,
    ],
    [
      'style/chained',
      'get',
      'InvalidArgument',
      'The content of style chained can not be used: it has more than one segment.',
      undefined,
    ],
    [
      'style/saving',
      'get',
      'InvalidArgument',
      'The content of style saving can not be used: it saves or notifies, which belongs to the request.',
      undefined,
    ],
    ['style/nonsense', 'get', 'InvalidArgument', 'operation not support get: csdar5324', undefined],
    [
      `image/resize,w_1${',w_1'.repeat(2100)}`,
      'get',
      'InvalidArgument',
      'The process string has 8416 characters; 8192 are allowed.',
      '0017-00000288',
    ],
  ])('%s (%s)', (text, via, code, message, ec) => {
    const error = refusal(text, via);
    expect([error.code, error.message, error.ec]).toEqual([code, message, ec]);
    expect(error.status).toBe(code === 'NoSuchStyle' ? 404 : 400);
  });

  it('says which action, which parameter and what was expected', () => {
    expect(refusal('image/resize,w_abc', 'get').elements.Detail).toBe(
      'image/resize: w must be an integer from 1 to 16384, not abc.',
    );
  });
});

describe('asynchronous mistakes are IMM’s', () => {
  const UUID = '[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}';
  it.each<[string, number, string]>([
    ['video/convert,vcodec_h264|sys/saveas,o_dA', 400, String.raw`InvalidArgument, \[f\]:is required\.`],
    ['doc/convert,source_docx|sys/saveas,o_dA', 400, String.raw`InvalidArgument, \[target\]:is required\.`],
    ['video/convert,f_mp4,vb_1|sys/saveas,o_dA', 400, String.raw`InvalidArgument, \[vb\]:is invalid\.`],
    ['video/convert,f_mp4,vb_|sys/saveas,o_dA', 400, String.raw`InvalidArgument, \[vb\]:is invalid\.`],
    ['video/convert,f_mp4', 400, String.raw`InvalidArgument, \[TargetURI\]:is required\.`],
    ['video/convert,f_mp4|sys/saveas,b_dGVzdA', 400, String.raw`InvalidArgument, \[TargetURI\]:is required\.`],
    ['video/convert,f_mp4|sys/saveas,o_e3NoZWV0bmFtZX0', 400, String.raw`InvalidArgument, \[TargetURI\]:is invalid\.`],
    [`image/resize,w_100${SAVE}`, 404, String.raw`ResourceNotFound, The specified resource Route is not found\.`],
    [
      'video/nope,f_mp4|sys/saveas,o_dA',
      404,
      String.raw`ResourceNotFound, The specified resource Route is not found\.`,
    ],
    ['foo|sys/saveas,o_dA', 404, String.raw`ResourceNotFound, The specified resource Route is not found\.`],
  ])('%s', (text, status, message) => {
    const error = refusal(text, 'async');
    expect([error.code, error.status, error.ec]).toEqual(['Imm Client', status, '0056-00000001']);
    expect(error.message).toMatch(new RegExp(`^${message} ${UUID}$`));
  });

  it('what OSS checks itself keeps OSS codes', () => {
    expect(refusal('', 'async').code).toBe('InvalidRequest');
    expect(refusal('style/nope|sys/saveas,o_dA', 'async').code).toBe('NoSuchStyle');
    expect(refusal('video/convert,f_mp4|sys/saveas,o_*', 'async').message).toBe('Input is not base64 decoding.');
  });

  it('an unknown parameter is a warning, or an error when parameters are strict', () => {
    expect(planned('video/convert,f_mp4,zz_1|sys/saveas,o_dA', 'async').warnings).toEqual([
      'video/convert has no parameter zz; it was ignored',
    ]);
    expect(refusal('video/convert,f_mp4,zz_1|sys/saveas,o_dA', 'async', true).message).toMatch(/\[zz\]:is invalid/);
  });
});

describe('what is accepted', () => {
  it('doc/convert before doc/snapshot on GET, which does its work itself', () => {
    const { steps } = planned('doc/convert,target_jpg,source_docx/snapshot,target_jpg,source_docx,page_2', 'get');
    expect(steps.map(({ calls }) => calls.map(({ operation }) => operation.name))).toEqual([['snapshot']]);
  });

  const target = (text: string, via: Via = 'post') =>
    planned(text, via)
      .saveas?.key.map((part) => ('text' in part ? part.text : `{${part.variable}}`))
      .join('');

  it('the page’s video example, with its two names: the first counts, without its line end', () => {
    const text =
      'video/convert,f_mp4,vcodec_h265,s_1920x1080,vb_2000000,fps_30,acodec_aac,ab_100000,sn_1|sys/saveas,o_b3V0b2JqLnthdXRvZXh0fQo,o_b3V0b2JqcHJlZml4LnthdXRvZXh0fQ';
    expect(target(text, 'async')).toBe('outobj.{autoext}');
    expect(planned(text, 'async').saveas?.bucket).toBeUndefined();
  });

  it('of a repeated parameter the last counts', () => {
    expect(planned('image/resize,w_1,w_2', 'get').steps[0]?.calls[0]?.params.w).toBe(2);
    expect(planned('video/convert,f_avi,f_mp4|sys/saveas,o_bw', 'async').steps[0]?.calls[0]?.params.f).toBe('mp4');
  });

  it('image actions ignore keys they do not have', () => {
    const { warnings, steps } = planned('image/crop,w_100,h_100,x_100,y_100,r_1', 'get', true);
    expect(warnings).toEqual([]);
    expect(steps[0]?.calls[0]?.params).toMatchObject({ w: 100, h: 100, x: 100, y: 100 });
  });

  it.each(['dGVzdC8/', 'dGVzdC8_', 'dGVzdC8/=='])('both Base64 alphabets: %s', (value) => {
    const plain = value.replace(/=+$/, '');
    expect(target(`image/resize,w_1|sys/saveas,o_${plain}`)).toBe('test/?');
  });

  it.each([
    'video/convert,f_mp4|sys/saveas,o_dA/notify,topic_dGVzdA==',
    'video/convert,f_mp4|sys/saveas,o_dA|sys/notify,topic_dGVzdA',
    'video/convert,f_mp4|sys/saveas,o_dA|notify,topic_dGVzdA',
  ])('every spelling of notify: %s', (text) => expect(planned(text, 'async').notify).toEqual({ topic: 'test' }));

  it('notify without a topic notifies nobody', () => {
    expect(planned('video/convert,f_mp4|sys/saveas,o_dA/notify', 'async').notify).toBeUndefined();
  });

  it('styles are expanded, and the expanded text is what a task keeps', () => {
    expect(planned(`style/small${SAVE}`).process).toBe(`image/resize,w_50${SAVE}`);
  });

  it('auto-orient goes first, wherever it stands', () => {
    const names = planned('image/resize,w_1/auto-orient,0/rotate,90', 'get').steps[0]?.calls.map(
      ({ operation }) => operation.name,
    );
    expect(names).toEqual(['auto-orient', 'resize', 'rotate']);
  });
});
