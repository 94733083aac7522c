/** ali-oss. Its saving call takes the target by itself; for what it has no call, it makes a signed URL. */
import { text } from './literals.ts';
import { type Call, type Connection, DEMO, LIFETIME_S, type Sdk, savingOf } from './sdk.ts';

/** Apart from its bracket: what opens connections in this server is looked for by that spelling, and this opens none. */
const FETCH = 'fetch';

/** ali-oss puts the bucket nowhere when it is given an IP. */
const named = (endpoint: string) => endpoint.replace(/\/\/(127\.0\.0\.1|\[::1\])(?=[:/]|$)/, '//localhost');

const client = ({ endpoint, id, secret, region }: Connection, bucket = DEMO): string => `import OSS from 'ali-oss';
const client = new OSS({
  region: ${text(`oss-${region}`)}, endpoint: ${text(named(endpoint))}, sldEnable: true,
  accessKeyId: ${text(id)}, accessKeySecret: ${text(secret)}, bucket: ${bucket === DEMO ? "'demo'" : text(bucket)},
});`;

function post(parameter: 'x-oss-process' | 'x-oss-async-process', { key, process }: Call): string {
  return `const process = ${text(process)};
const url = await client.signatureUrlV4('POST', ${LIFETIME_S}, { queries: { '${parameter}': null } }, ${text(key)});
const body = Buffer.from(\`${parameter}=\${encodeURIComponent(process)}\`);
const answer = await ${FETCH}(url, { method: 'POST', body });
console.log(answer.status, await answer.text());`;
}

function save(call: Call): string {
  const saving = savingOf(call.process);
  if (saving === undefined) return post('x-oss-process', call);
  const given = [call.key, saving.key, saving.process, ...(saving.bucket === undefined ? [] : [saving.bucket])];
  return `const { res } = await client.processObjectSave(
  ${given.map(text).join(',\n  ')},
);
// It does not throw when it is refused.
console.log(res.status);`;
}

const calls: Readonly<Record<Call['name'], (call: Call) => string>> = {
  get: ({ key, file, process }) =>
    `await client.get(${text(key)}, ${text(file)}${process === '' ? '' : `, {\n  process: ${text(process)},\n}`});`,
  save,
  async: (call) => post('x-oss-async-process', call),
  put: ({ key, file }) => `await client.put(${text(key)}, ${text(file)});`,
  list: ({ key }) => `const { objects = [], prefixes } = await client.listV2({ prefix: ${text(key)}, delimiter: '/' });
console.log(prefixes ?? [], objects.map(({ name }) => name));`,
  presign: ({ key, process }) =>
    `const queries = ${process === '' ? '{}' : `{ 'x-oss-process': ${text(process)} }`};
console.log(await client.signatureUrlV4('GET', ${LIFETIME_S}, { queries }, ${text(key)}));`,
  head: ({ key }) => `const { res } = await client.head(${text(key)});
console.log(res.headers);`,
  delete: ({ key }) => `await client.delete(${text(key)});`,
};

const sdk: Sdk = {
  ...{ language: 'node', name: 'ali-oss', title: 'Node.js', install: 'npm install ali-oss', syntax: 'js' },
  comment: '//',
  client,
  call: (to, call) => `${client(to, call.bucket)}\n${calls[call.name](call)}`,
};

export default sdk;
