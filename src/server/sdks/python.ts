/** The two SDKs for Python. */
import { text } from './literals.ts';
import { byName, type Call, type Connection, DEMO, LIFETIME_S, type Sdk } from './sdk.ts';

const first = ({ endpoint, id, secret }: Connection, bucket = DEMO): string => `import oss2
bucket = oss2.Bucket(oss2.Auth(${text(id)}, ${text(secret)}), ${text(endpoint)}, ${text(bucket)}${byName(endpoint, ', is_path_style=True')})`;

const firstCalls: Readonly<Record<Call['name'], (call: Call) => string>> = {
  get: ({ key, file, process }) =>
    `bucket.get_object_to_file(${text(key)}, ${text(file)}${process === '' ? '' : `, process=${text(process)}`})`,
  save: ({ key, process }) => `result = bucket.process_object(${text(key)}, ${text(process)})
print(result.object, result.process_status)`,
  async: ({ key, process }) => `result = bucket.async_process_object(${text(key)}, ${text(process)})
print(result.task_id)`,
  put: ({ key, file }) => `bucket.put_object_from_file(${text(key)}, ${text(file)})`,
  list: ({ key }) => `for item in oss2.ObjectIteratorV2(bucket, prefix=${text(key)}, delimiter="/"):
    print(item.key)`,
  presign: ({ key, process }) =>
    `print(bucket.sign_url("GET", ${text(key)}, ${LIFETIME_S}${process === '' ? '' : `, params={"x-oss-process": ${text(process)}}`}, slash_safe=True))`,
  head: ({ key }) => `print(bucket.head_object(${text(key)}).headers)`,
  delete: ({ key }) => `bucket.delete_object(${text(key)})`,
};

const second = ({ endpoint, id, secret, region }: Connection): string => `import alibabacloud_oss_v2 as oss
cfg = oss.config.load_default()
cfg.credentials_provider = oss.credentials.StaticCredentialsProvider(${text(id)}, ${text(secret)})
cfg.region, cfg.endpoint = ${text(region)}, ${text(endpoint)}${byName(endpoint, '\ncfg.use_path_style = True')}
client = oss.Client(cfg)`;

const named = ({ bucket, key }: Call) => `bucket=${text(bucket)}, key=${text(key)}`;
const processed = ({ process }: Call) => (process === '' ? '' : `, process=${text(process)}`);

const secondCalls: Readonly<Record<Call['name'], (call: Call) => string>> = {
  get: (call) =>
    `client.get_object_to_file(oss.GetObjectRequest(${named(call)}${processed(call)}), ${text(call.file)})`,
  save: (call) => `result = client.process_object(oss.ProcessObjectRequest(${named(call)}${processed(call)}))
print(result.key, result.process_status)`,
  async: (call) =>
    `result = client.async_process_object(oss.AsyncProcessObjectRequest(${named(call)}${processed(call)}))
print(result.task_id)`,
  put: (call) => `client.put_object_from_file(oss.PutObjectRequest(${named(call)}), ${text(call.file)})`,
  list: ({ bucket, key }) => `pages = client.list_objects_v2_paginator()
for page in pages.iter_page(oss.ListObjectsV2Request(bucket=${text(bucket)}, prefix=${text(key)}, delimiter="/")):
    for item in page.contents or []:
        print(item.key)`,
  presign: (call) =>
    `import datetime
request = oss.GetObjectRequest(${named(call)}${processed(call)})
print(client.presign(request, expires=datetime.timedelta(seconds=${LIFETIME_S})).url)`,
  head: (call) => `print(client.head_object(oss.HeadObjectRequest(${named(call)})).headers)`,
  delete: (call) => `client.delete_object(oss.DeleteObjectRequest(${named(call)}))`,
};

const common = { language: 'python', syntax: 'python', comment: '#' } as const;

const sdks: readonly Sdk[] = [
  {
    ...{ ...common, name: 'oss2', title: 'Python', install: 'pip install oss2' },
    client: first,
    call: (to, call) => `${first(to, call.bucket)}\n${firstCalls[call.name](call)}`,
  },
  {
    ...{ ...common, name: 'alibabacloud-oss-v2', title: 'Python, SDK 2', install: 'pip install alibabacloud-oss-v2' },
    client: second,
    call: (to, call) => `${second(to)}\n${secondCalls[call.name](call)}`,
  },
];

export default sdks;
