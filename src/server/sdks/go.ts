/** The two SDKs for Go, whose compiler wants every import used. */
import { text } from './literals.ts';
import { byName, type Call, type Connection, LIFETIME_S, type Sdk } from './sdk.ts';

const FAILS = '\tif err != nil {\n\t\tlog.Fatal(err)\n\t}';

/** A main function. @param lines its statements, an error checked behind each `err` that is set */
function program(packages: readonly string[], own: readonly string[], lines: readonly string[]): string {
  const body = lines.map(
    (line) => `\t${line.replaceAll('\n', '\n\t')}${/^[\w, ]*\berr :?= /.test(line) ? `\n${FAILS}` : ''}`,
  );
  const std = ['log', ...packages].sort().map((name) => `\t"${name}"`);
  const sdk = own.map((name) => `\t"github.com/aliyun/${name}"`);
  return `package main\n\nimport (\n${[...std, '', ...sdk].join('\n')}\n)\n\nfunc main() {\n${body.join('\n')}\n}`;
}

interface Lines {
  /** Packages besides `log`. */
  readonly packages?: readonly string[];
  readonly lines: readonly string[];
}

const printed = (set: string, shown: string): Lines => ({
  packages: ['fmt'],
  lines: [set, `fmt.Println(${shown})`],
});

const first = ({ endpoint, id, secret }: Connection): string =>
  `client, err := oss.New(${text(endpoint)}, ${text(id)}, ${text(secret)}${byName(endpoint, ', oss.ForcePathStyle(true)')})`;

const option = ({ process }: Call) => (process === '' ? '' : `, oss.Process(${text(process)})`);

const firstCalls: Readonly<Record<Call['name'], (call: Call) => Lines>> = {
  get: (call) => ({ lines: [`err = bucket.GetObjectToFile(${text(call.key)}, ${text(call.file)}${option(call)})`] }),
  save: ({ key, process }) =>
    printed(`result, err := bucket.ProcessObject(${text(key)}, ${text(process)})`, 'result.Object, result.Status'),
  async: ({ key, process }) =>
    printed(`result, err := bucket.AsyncProcessObject(${text(key)}, ${text(process)})`, 'result.TaskId'),
  put: ({ key, file }) => ({ lines: [`err = bucket.PutObjectFromFile(${text(key)}, ${text(file)})`] }),
  list: ({ key }) => ({
    packages: ['fmt'],
    lines: [
      `result, err := bucket.ListObjectsV2(oss.Prefix(${text(key)}), oss.Delimiter("/"))`,
      'for _, object := range result.Objects {\n\tfmt.Println(object.Key)\n}',
    ],
  }),
  presign: (call) =>
    printed(`url, err := bucket.SignURL(${text(call.key)}, oss.HTTPGet, ${LIFETIME_S}${option(call)})`, 'url'),
  head: ({ key }) => printed(`header, err := bucket.GetObjectDetailedMeta(${text(key)})`, 'header'),
  delete: ({ key }) => ({ lines: [`err = bucket.DeleteObject(${text(key)})`] }),
};

const second = ({ endpoint, id, secret, region }: Connection): string => `cfg := oss.LoadDefaultConfig().
	WithCredentialsProvider(credentials.NewStaticCredentialsProvider(${text(id)}, ${text(secret)})).
	WithRegion(${text(region)}).WithEndpoint(${text(endpoint)})${byName(endpoint, '.WithUsePathStyle(true)')}
client := oss.NewClient(cfg)`;

/** `&oss.GetObjectRequest{…}`, its fields aligned as gofmt does. */
function request(name: string, fields: Readonly<Record<string, string>>): string {
  const given = Object.entries(fields).filter(([field, value]) => value !== '' || field === 'Prefix');
  const width = Math.max(...given.map(([field]) => field.length)) + 2;
  const lines = given.map(([field, value]) => `\t${`${field}:`.padEnd(width)}oss.Ptr(${text(value)}),\n`);
  return `&oss.${name}Request{\n${lines.join('')}}`;
}

const object = ({ bucket, key }: Call) => ({ Bucket: bucket, Key: key });

const secondCalls: Readonly<Record<Call['name'], (call: Call) => Lines>> = {
  get: (call) => ({
    lines: [
      `request := ${request('GetObject', { ...object(call), Process: call.process })}`,
      `_, err := client.GetObjectToFile(context.TODO(), request, ${text(call.file)})`,
    ],
  }),
  save: (call) =>
    printed(
      `result, err := client.ProcessObject(context.TODO(), ${request('ProcessObject', { ...object(call), Process: call.process })})`,
      'result.Object, result.ProcessStatus',
    ),
  async: (call) =>
    printed(
      `result, err := client.AsyncProcessObject(context.TODO(), ${request('AsyncProcessObject', { ...object(call), AsyncProcess: call.process })})`,
      'result.TaskId',
    ),
  put: (call) => ({
    lines: [
      `request := ${request('PutObject', object(call))}`,
      `_, err := client.PutObjectFromFile(context.TODO(), request, ${text(call.file)})`,
    ],
  }),
  list: ({ bucket, key }) => ({
    packages: ['fmt'],
    lines: [
      `pages := client.NewListObjectsV2Paginator(${request('ListObjectsV2', { Bucket: bucket, Prefix: key, Delimiter: '/' })})`,
      `for pages.HasNext() {\n\tpage, err := pages.NextPage(context.TODO())\n${FAILS}\n\tfor _, object := range page.Contents {\n\t\tfmt.Println(oss.ToString(object.Key))\n\t}\n}`,
    ],
  }),
  presign: (call) => ({
    packages: ['fmt', 'time'],
    lines: [
      `request := ${request('GetObject', { ...object(call), Process: call.process })}`,
      `result, err := client.Presign(context.TODO(), request, oss.PresignExpires(${LIFETIME_S}*time.Second))`,
      'fmt.Println(result.URL)',
    ],
  }),
  head: (call) =>
    printed(
      `result, err := client.HeadObject(context.TODO(), ${request('HeadObject', object(call))})`,
      'result.Headers',
    ),
  delete: (call) => ({
    lines: [`_, err := client.DeleteObject(context.TODO(), ${request('DeleteObject', object(call))})`],
  }),
};

const sdks: readonly Sdk[] = [
  {
    ...{ language: 'go', name: 'aliyun-oss-go-sdk', title: 'Go', syntax: 'go', comment: '//' },
    install: 'go get github.com/aliyun/aliyun-oss-go-sdk/oss',
    client: first,
    call(to, call) {
      const { packages = [], lines } = firstCalls[call.name](call);
      const before = [first(to), `bucket, err := client.Bucket(${text(call.bucket)})`];
      return program(packages, ['aliyun-oss-go-sdk/oss'], [...before, ...lines]);
    },
  },
  {
    ...{ language: 'go', name: 'alibabacloud-oss-go-sdk-v2', title: 'Go, SDK 2', syntax: 'go', comment: '//' },
    install: 'go get github.com/aliyun/alibabacloud-oss-go-sdk-v2',
    client: second,
    call(to, call) {
      const { packages = [], lines } = secondCalls[call.name](call);
      const own = ['alibabacloud-oss-go-sdk-v2/oss', 'alibabacloud-oss-go-sdk-v2/oss/credentials'];
      return program(['context', ...packages], own, [second(to), ...lines]);
    },
  },
];

export default sdks;
