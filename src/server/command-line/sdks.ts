/** How each SDK is pointed at a server: the one source of `ossite env` and docs/sdks.md (rest-core.md §5.1). */
import { isIP } from 'node:net';

/** What a client has to be told. */
export interface Connection {
  /** `http://127.0.0.1:6770` */
  readonly endpoint: string;
  readonly id: string;
  readonly secret: string;
  /** `cn-hangzhou` */
  readonly region: string;
}

export interface Sdk {
  /** A value of `--lang`. */
  readonly language: string;
  /** Name of the package. */
  readonly name: string;
  readonly install: string;
  /** For code blocks. */
  readonly syntax: string;
  readonly comment: '#' | '//';
  /** What makes a client, with its imports. */
  client(to: Connection): string;
}

/** By IP address most SDKs put the bucket into the path by themselves; by any other name they put it into the host. */
const isByName = (endpoint: string) => isIP(new URL(endpoint).hostname.replace(/^\[|\]$/g, '')) === 0;
const byName = (endpoint: string, option: string): string => (isByName(endpoint) ? option : '');

/** A text as most languages write it. */
const text = (value: string) => JSON.stringify(value);
/** The same between single quotes, in which PHP and shells expand nothing. */
const php = (value: string) => `'${value.replace(/[\\']/g, '\\$&')}'`;
const shell = (value: string) => (/^[\w:/.@%+=,-]+$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`);

/** ali-oss puts the bucket nowhere when it is given an IP. */
const named = (endpoint: string) => endpoint.replace(/\/\/(127\.0\.0\.1|\[::1\])(?=[:/]|$)/, '//localhost');

export const sdks: readonly Sdk[] = [
  {
    ...{ language: 'shell', name: 'environment', install: '', syntax: 'sh', comment: '#' },
    client: ({ endpoint, id, secret, region }) =>
      [
        ['OSSITE_ENDPOINT', endpoint],
        ['OSS_ENDPOINT', endpoint],
        ['OSS_REGION', region],
        ['OSS_ACCESS_KEY_ID', id],
        ['OSS_ACCESS_KEY_SECRET', secret],
      ]
        .map(([name, value = '']) => `export ${name}=${shell(value)}`)
        .join('\n'),
  },
  {
    ...{ language: 'node', name: 'ali-oss', install: 'npm install ali-oss', syntax: 'js', comment: '//' },
    client: ({ endpoint, id, secret, region }) => `import OSS from 'ali-oss';
const client = new OSS({
  region: ${text(`oss-${region}`)}, endpoint: ${text(named(endpoint))}, sldEnable: true,
  accessKeyId: ${text(id)}, accessKeySecret: ${text(secret)}, bucket: 'demo',
});`,
  },
  {
    ...{ language: 'python', name: 'oss2', install: 'pip install oss2', syntax: 'python', comment: '#' },
    client: ({ endpoint, id, secret }) => `import oss2
bucket = oss2.Bucket(oss2.Auth(${text(id)}, ${text(secret)}), ${text(endpoint)}, "demo"${byName(endpoint, ', is_path_style=True')})`,
  },
  {
    ...{ language: 'python', name: 'alibabacloud-oss-v2', install: 'pip install alibabacloud-oss-v2' },
    ...{ syntax: 'python', comment: '#' },
    client: ({ endpoint, id, secret, region }) => `import alibabacloud_oss_v2 as oss
cfg = oss.config.load_default()
cfg.credentials_provider = oss.credentials.StaticCredentialsProvider(${text(id)}, ${text(secret)})
cfg.region, cfg.endpoint = ${text(region)}, ${text(endpoint)}${byName(endpoint, '\ncfg.use_path_style = True')}
client = oss.Client(cfg)`,
  },
  {
    ...{ language: 'go', name: 'aliyun-oss-go-sdk', install: 'go get github.com/aliyun/aliyun-oss-go-sdk/oss' },
    ...{ syntax: 'go', comment: '//' },
    client: ({ endpoint, id, secret }) =>
      `client, err := oss.New(${text(endpoint)}, ${text(id)}, ${text(secret)}${byName(endpoint, ', oss.ForcePathStyle(true)')})`,
  },
  {
    ...{ language: 'go', name: 'alibabacloud-oss-go-sdk-v2' },
    ...{ install: 'go get github.com/aliyun/alibabacloud-oss-go-sdk-v2', syntax: 'go', comment: '//' },
    client: ({ endpoint, id, secret, region }) => `cfg := oss.LoadDefaultConfig().
	WithCredentialsProvider(credentials.NewStaticCredentialsProvider(${text(id)}, ${text(secret)})).
	WithRegion(${text(region)}).WithEndpoint(${text(endpoint)})${byName(endpoint, '.WithUsePathStyle(true)')}
client := oss.NewClient(cfg)`,
  },
  {
    ...{ language: 'java', name: 'aliyun-sdk-oss', install: 'com.aliyun.oss:aliyun-sdk-oss' },
    ...{ syntax: 'java', comment: '//' },
    client: ({ endpoint, id, secret }) =>
      isByName(endpoint)
        ? `ClientBuilderConfiguration conf = new ClientBuilderConfiguration();
conf.setSLDEnabled(true);
OSS client = new OSSClientBuilder().build(${text(endpoint)}, ${text(id)}, ${text(secret)}, conf);`
        : `OSS client = new OSSClientBuilder().build(${text(endpoint)}, ${text(id)}, ${text(secret)});`,
  },
  {
    ...{ language: 'php', name: 'aliyuncs/oss-sdk-php', install: 'composer require aliyuncs/oss-sdk-php' },
    ...{ syntax: 'php', comment: '//' },
    client: ({ endpoint, id, secret }) =>
      isByName(endpoint)
        ? `$client = new OSS\\OssClient([
    'provider' => new OSS\\Credentials\\StaticCredentialsProvider(${php(id)}, ${php(secret)}),
    'endpoint' => ${php(endpoint)}, 'forcePathStyle' => true,
]);`
        : `$client = new OSS\\OssClient(${php(id)}, ${php(secret)}, ${php(endpoint)});`,
  },
  {
    ...{ language: 'php', name: 'alibabacloud/oss-v2', install: 'composer require alibabacloud/oss-v2' },
    ...{ syntax: 'php', comment: '//' },
    client: ({ endpoint, id, secret, region }) => `use AlibabaCloud\\Oss\\V2 as Oss;
$cfg = Oss\\Config::loadDefault();
$cfg->setCredentialsProvider(new Oss\\Credentials\\StaticCredentialsProvider(${php(id)}, ${php(secret)}));
$cfg->setRegion(${php(region)});
$cfg->setEndpoint(${php(endpoint)});${byName(endpoint, '\n$cfg->setUsePathStyle(true);')}
$client = new Oss\\Client($cfg);`,
  },
  {
    ...{ language: 'cpp', name: 'aliyun-oss-cpp-sdk', install: 'https://github.com/aliyun/aliyun-oss-cpp-sdk' },
    ...{ syntax: 'cpp', comment: '//' },
    client: ({
      endpoint,
      id,
      secret,
    }) => `AlibabaCloud::OSS::ClientConfiguration conf;${byName(endpoint, '\nconf.isPathStyle = true;')}
AlibabaCloud::OSS::OssClient client(${text(endpoint)}, ${text(id)}, ${text(secret)}, conf);`,
  },
];

/** The values of `--lang`. */
export const languages: readonly string[] = [...new Set(sdks.map(({ language }) => language))];
