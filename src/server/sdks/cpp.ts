/** The SDK for C++, which has no asynchronous call: there a URL that it signs is posted to by libcurl, on which it rests. */
import { cpp as text } from './literals.ts';
import { byName, type Call, type Connection, LIFETIME_S, type Sdk } from './sdk.ts';

const client = ({ endpoint, id, secret }: Connection): string =>
  `AlibabaCloud::OSS::ClientConfiguration conf;${byName(endpoint, '\nconf.isPathStyle = true;')}
AlibabaCloud::OSS::OssClient client(${text(endpoint)}, ${text(id)}, ${text(secret)}, conf);`;

const named = ({ bucket, key }: Call) => `${text(bucket)}, ${text(key)}`;
const processed = ({ process }: Call) => (process === '' ? '' : `\nrequest.setProcess(${text(process)});`);
const failed = 'if (!outcome.isSuccess()) std::cerr << outcome.error().Message() << std::endl;';

const calls: Readonly<Record<Call['name'], (call: Call) => string>> = {
  get: (call) => `GetObjectRequest request(${named(call)});${processed(call)}
request.setResponseStreamFactory([] {
    return std::make_shared<std::fstream>(${text(call.file)}, std::ios::in | std::ios::out | std::ios::trunc | std::ios::binary);
});
auto outcome = client.GetObject(request);
${failed}`,
  save: (call) => `auto outcome = client.ProcessObject(ProcessObjectRequest(${named(call)}, ${text(call.process)}));
if (outcome.isSuccess()) std::cout << outcome.result().Content()->rdbuf() << std::endl;
else std::cerr << outcome.error().Message() << std::endl;`,
  async: (call) => `GeneratePresignedUrlRequest request(${named(call)}, Http::Method::Post);
request.addParameter("x-oss-async-process", "");
request.setContentType("application/x-www-form-urlencoded");
std::string url = client.GeneratePresignedUrl(request).result();
std::string process = ${text(call.process)};
CURL* curl = curl_easy_init();
char* value = curl_easy_escape(curl, process.data(), static_cast<int>(process.size()));
std::string body = std::string("x-oss-async-process=") + value;
curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body.c_str());
curl_easy_perform(curl);
curl_free(value);
curl_easy_cleanup(curl);`,
  put: (call) => `auto outcome = client.PutObject(${named(call)}, std::string(${text(call.file)}));
${failed}`,
  list: ({ bucket, key }) => `ListObjectsV2Request request(${text(bucket)});
request.setPrefix(${text(key)});
request.setDelimiter("/");
auto outcome = client.ListObjectsV2(request);
${failed}
for (const auto& object : outcome.result().ObjectSummarys()) std::cout << object.Key() << std::endl;`,
  presign: (call) => `GeneratePresignedUrlRequest request(${named(call)});
request.setExpires(std::time(nullptr) + ${LIFETIME_S});${processed(call)}
std::cout << client.GeneratePresignedUrl(request).result() << std::endl;`,
  head: (call) => `auto outcome = client.HeadObject(${named(call)});
${failed}
for (const auto& header : outcome.result().HttpMetaData()) std::cout << header.first << ": " << header.second << std::endl;`,
  delete: (call) => `auto outcome = client.DeleteObject(${named(call)});
${failed}`,
};

/** V4 signs every parameter; the list of those that V1 signs is older, in this SDK, than asynchronous requests. */
const v4 = (program: string, region: string): string =>
  program
    .replace('ClientConfiguration conf;', '$&\nconf.signatureVersion = AlibabaCloud::OSS::SignatureVersionType::V4;')
    .replace(/^.*OssClient client.*$/m, `$&\nclient.SetRegion(${text(region)});`);

function program(to: Connection, call: Call): string {
  const isAsync = call.name === 'async';
  const headers = ['<alibabacloud/oss/OssClient.h>', ...(isAsync ? ['<curl/curl.h>'] : [])];
  const std = ['<ctime>', '<fstream>', '<iostream>', '<memory>', '<string>'];
  const made = isAsync ? v4(client(to), to.region) : client(to);
  const lines = `InitializeSdk();\n{\n${`${made}\n${calls[call.name](call)}`.replace(/^/gm, '    ')}\n}\nShutdownSdk();`;
  return `${[...headers, ...std].map((name) => `#include ${name}`).join('\n')}
using namespace AlibabaCloud::OSS;

int main() {
${lines.replace(/^/gm, '    ')}
}`;
}

const sdk: Sdk = {
  ...{ language: 'cpp', name: 'aliyun-oss-cpp-sdk', title: 'C++', syntax: 'cpp', comment: '//' },
  install: 'https://github.com/aliyun/aliyun-oss-cpp-sdk',
  client,
  call: program,
};

export default sdk;
