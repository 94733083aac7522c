import { checkKey, keyTooLong, MAX_KEY_BYTES } from '../../store/names.ts';
import type { StoredObject } from '../../store/objects.ts';
import type { Action, Services } from '../action.ts';
import { enforceAnonymous } from '../auth/anonymous.ts';
import { authenticateForm, fieldMissing, formKeyId } from '../auth/form.ts';
import type { Verdict } from '../auth/index.ts';
import type { Callback } from '../callback/config.ts';
import { answered, callbackFrom } from '../callback/index.ts';
import { locationOf } from '../describe.ts';
import { factsFrom, refuseUnsupported, writtenHeaders } from '../object-headers.ts';
import { overwriteOptions } from '../overwrite.ts';
import { type PostForm, readForm } from '../post-form/form.ts';
import { checkPolicy, type Policy, readPolicy } from '../post-form/policy.ts';
import { sized } from '../post-form/sizes.ts';
import type { Reply } from '../reply.ts';
import { notUtf8, type OssRequest } from '../request.ts';
import { checkTrafficLimit } from '../traffic-limit.ts';
import { quoted, urlEncodeAll } from '../wire.ts';

const action: Action = {
  name: 'PostObject',
  on: { method: 'POST', target: 'bucket' },
  anonymous: 'write',
  signedInBody: true,
  // Told after a good signature, which stands in the form.
  withoutBucket: true,
  docs: 'https://www.alibabacloud.com/help/en/oss/developer-reference/postobject',
  async run(req, oss) {
    const form = await readForm(req);
    try {
      // The fields alone tell whose namespace it is.
      return await store(req, form, await oss.inNamespaceOf(formKeyId(form.fields) || req.auth.accessKeyId));
    } finally {
      form.close();
    }
  },
};

/** Everything that the fields tell is checked before the file is read; what its length tells, before it is an object. */
async function store(req: OssRequest, form: PostForm, oss: Services): Promise<Reply> {
  const { fields } = form;
  const now = new Date();
  const auth = authorize(req, fields, oss, now);
  // After the policy, which is about the key as the form has it.
  const policy = policyOf(req, fields, oss, now);
  const key = checkKey(keyOf(form));
  await req.keyed(key);
  const asked = asPut({ ...req, auth }, form, key);
  if (oss.settings.auth === 'strict' && auth.outcome === 'anonymous')
    enforceAnonymous({ ...action, on: { ...action.on, target: 'object' } }, asked, oss.store);
  refuseUnsupported(asked);
  checkTrafficLimit(asked);
  const callback = callbackOfForm(fields, oss);
  const bucket = oss.store.buckets.need(req.bucket);
  const facts = factsFrom(asked, bucket);
  const options = overwriteOptions(asked, bucket, oss.store);
  const written = await oss.store.blobs.write(bucket.id, sized(form.bytes, policy?.sizes ?? []));
  const object = await oss.store.objects.put(bucket, key, written, facts, options);
  const reply = replyFor(asked, object, fields, writtenHeaders(object, bucket));
  return answered(callback, { req: asked, oss, object, operation: action.name }, reply);
}

/** @returns who sends the form, which its fields alone tell @throws what OSS says to a signature it does not accept */
function authorize(req: OssRequest, fields: PostForm['fields'], { settings }: Services, now: Date): Verdict {
  const verdict = authenticateForm(fields, settings, now);
  req.authenticated(verdict);
  if (settings.auth === 'strict' && verdict.refusal !== undefined) throw verdict.refusal;
  return verdict;
}

/** A form that has a policy keeps to it in every mode that looks at signatures at all. */
function policyOf(
  req: OssRequest,
  fields: PostForm['fields'],
  { settings, store: { buckets } }: Services,
  now: Date,
): Policy | undefined {
  const text = fields.get('policy');
  if (text === undefined || settings.auth === 'off') return undefined;
  const policy = readPolicy(text);
  // A missing bucket is told after a good signature, and before anything about its objects.
  buckets.need(req.bucket);
  checkPolicy(policy, fields, req.bucket, now);
  return policy;
}

/** Stands for the file's own name, in the field `key`. */
const FILENAME = `\${filename}`;

/** What stands in a text for bytes that are not UTF-8. */
const NO_CHARACTER = '\ufffd';

/** @throws InvalidArgument, InvalidObjectName */
function keyOf({ fields, filename }: PostForm): string {
  const wanted = fields.get('key') ?? fieldMissing('key');
  const parts = wanted.split(FILENAME);
  // Not put together when it can be no key: a form of some megabytes could ask for gigabytes.
  const length = wanted.length + (parts.length - 1) * (filename.length - FILENAME.length);
  const key = length > MAX_KEY_BYTES ? keyTooLong() : parts.join(filename);
  return key.includes(NO_CHARACTER) ? notUtf8() : key;
}

/** The form as the PutObject that would store the same: its fields are that request's headers. */
function asPut(req: OssRequest, { fields, fileType }: PostForm, key: string): OssRequest {
  const types = [fields.get('x-oss-content-type'), fields.get('content-type'), fileType];
  const headers = new Map([...fields, ['content-type', types.find((type) => type) ?? '']]);
  return {
    ...req,
    target: 'object',
    key,
    header: (name) => headers.get(name),
    headersStarting: (prefix) =>
      Object.fromEntries(
        [...headers]
          .filter(([name]) => name.startsWith(prefix))
          .map(([name, value]) => [name.slice(prefix.length), value]),
      ),
  };
}

/** Fields `x:name` are custom variables. */
function callbackOfForm(fields: PostForm['fields'], oss: Services): Callback | undefined {
  const callback = callbackFrom(fields.get('callback'), fields.get('callback-var'), oss);
  const vars = [...fields].filter(([name]) => name.startsWith('x:'));
  return callback && { ...callback, vars: { ...callback.vars, ...Object.fromEntries(vars) } };
}

function replyFor(
  req: OssRequest,
  object: StoredObject,
  fields: PostForm['fields'],
  headers: NonNullable<Reply['headers']>,
): Reply {
  const redirect = fields.get('success_action_redirect');
  if (redirect) return { status: 303, headers: { ...headers, Location: redirectTo(redirect, req, object) } };
  const status = fields.get('success_action_status');
  if (status !== '200' && status !== '201') return { status: 204, headers };
  if (status === '200') return { status: 200, headers };
  return {
    status: 201,
    headers,
    body: {
      xml: [
        'PostResponse',
        [
          ['Bucket', req.bucket],
          ['ETag', quoted(object.etag)],
          ['Key', object.key],
          ['Location', locationOf(req)],
        ],
      ],
    },
  };
}

function redirectTo(url: string, { bucket, key }: OssRequest, { etag }: StoredObject): string {
  const query = Object.entries({ bucket, key, etag: quoted(etag) })
    .map(([name, value]) => `${name}=${urlEncodeAll(value)}`)
    .join('&');
  return `${url}${url.includes('?') ? '&' : '?'}${query}`;
}

export default action;
