/** The two SDKs for PHP. */
import { php as text } from './literals.ts';
import { byName, type Call, type Connection, isByName, LIFETIME_S, type Sdk } from './sdk.ts';

const first = ({ endpoint, id, secret }: Connection): string =>
  isByName(endpoint)
    ? `$client = new OSS\\OssClient([
    'provider' => new OSS\\Credentials\\StaticCredentialsProvider(${text(id)}, ${text(secret)}),
    'endpoint' => ${text(endpoint)}, 'forcePathStyle' => true,
]);`
    : `$client = new OSS\\OssClient(${text(id)}, ${text(secret)}, ${text(endpoint)});`;

const named = ({ bucket, key }: Call) => `${text(bucket)}, ${text(key)}`;
const option = ({ process }: Call) => (process === '' ? [] : [`OSS\\OssClient::OSS_PROCESS => ${text(process)}`]);

const firstCalls: Readonly<Record<Call['name'], (call: Call) => string>> = {
  get: (call) => `$client->getObject(${named(call)}, [
    ${[`OSS\\OssClient::OSS_FILE_DOWNLOAD => ${text(call.file)}`, ...option(call)].join(',\n    ')},
]);`,
  save: (call) => `print($client->processObject(${named(call)}, ${text(call.process)}));`,
  async: (call) => `print($client->asyncProcessObject(${named(call)}, ${text(call.process)}));`,
  put: (call) => `$client->uploadFile(${named(call)}, ${text(call.file)});`,
  list: ({
    bucket,
    key,
  }) => `$list = $client->listObjectsV2(${text(bucket)}, ['prefix' => ${text(key)}, 'delimiter' => '/']);
foreach ($list->getObjectList() as $object) {
    print($object->getKey() . PHP_EOL);
}`,
  presign: (call) => `print($client->signUrl(${named(call)}, ${LIFETIME_S}, 'GET', [${option(call).join('')}]));`,
  head: (call) => `print_r($client->getObjectMeta(${named(call)}));`,
  delete: (call) => `$client->deleteObject(${named(call)});`,
};

const second = ({ endpoint, id, secret, region }: Connection): string => `use AlibabaCloud\\Oss\\V2 as Oss;
$cfg = Oss\\Config::loadDefault();
$cfg->setCredentialsProvider(new Oss\\Credentials\\StaticCredentialsProvider(${text(id)}, ${text(secret)}));
$cfg->setRegion(${text(region)});
$cfg->setEndpoint(${text(endpoint)});${byName(endpoint, '\n$cfg->setUsePathStyle(true);')}
$client = new Oss\\Client($cfg);`;

const request = (name: string, call: Call) => `$request = new Oss\\Models\\${name}Request(${named(call)});`;
const processed = ({ process }: Call) => (process === '' ? '' : `\n$request->process = ${text(process)};`);

const secondCalls: Readonly<Record<Call['name'], (call: Call) => string>> = {
  get: (call) => `${request('GetObject', call)}${processed(call)}
$client->getObjectToFile($request, ${text(call.file)});`,
  save: (call) => `${request('ProcessObject', call)}${processed(call)}
print($client->processObject($request)->processStatus);`,
  async: (call) => `${request('AsyncProcessObject', call)}${processed(call)}
print($client->asyncProcessObject($request)->taskId);`,
  put: (call) => `${request('PutObject', call)}
$client->putObjectFromFile($request, ${text(call.file)});`,
  list: ({ bucket, key }) => `$request = new Oss\\Models\\ListObjectsV2Request(${text(bucket)});
$request->prefix = ${text(key)};
$request->delimiter = '/';
$pages = new Oss\\Paginator\\ListObjectsV2Paginator($client);
foreach ($pages->iterPage($request) as $page) {
    foreach ($page->contents ?? [] as $object) {
        print($object->key . PHP_EOL);
    }
}`,
  presign: (call) => `${request('GetObject', call)}${processed(call)}
print($client->presign($request, ['expires' => new DateInterval('PT${LIFETIME_S}S')])->url);`,
  head: (call) => `${request('HeadObject', call)}
print_r($client->headObject($request)->headers);`,
  delete: (call) => `${request('DeleteObject', call)}
$client->deleteObject($request);`,
};

const BEGIN = "<?php\nrequire 'vendor/autoload.php';";
const common = { language: 'php', syntax: 'php', comment: '//' } as const;

const sdks: readonly Sdk[] = [
  {
    ...{ ...common, name: 'aliyuncs/oss-sdk-php', title: 'PHP', install: 'composer require aliyuncs/oss-sdk-php' },
    client: first,
    call: (to, call) => `${BEGIN}\n${first(to)}\n${firstCalls[call.name](call)}`,
  },
  {
    ...{ ...common, name: 'alibabacloud/oss-v2', title: 'PHP, SDK 2', install: 'composer require alibabacloud/oss-v2' },
    client: second,
    call: (to, call) => `${BEGIN}\n${second(to)}\n${secondCalls[call.name](call)}`,
  },
];

export default sdks;
