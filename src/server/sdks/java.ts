/** The SDK for Java. */
import { java as text } from './literals.ts';
import { type Call, type Connection, isByName, LIFETIME_S, type Sdk } from './sdk.ts';

const client = ({ endpoint, id, secret }: Connection): string =>
  isByName(endpoint)
    ? `ClientBuilderConfiguration conf = new ClientBuilderConfiguration();
conf.setSLDEnabled(true);
OSS client = new OSSClientBuilder().build(${text(endpoint)}, ${text(id)}, ${text(secret)}, conf);`
    : `OSS client = new OSSClientBuilder().build(${text(endpoint)}, ${text(id)}, ${text(secret)});`;

const named = ({ bucket, key }: Call) => `${text(bucket)}, ${text(key)}`;
const processed = ({ process }: Call) => (process === '' ? '' : `\nrequest.setProcess(${text(process)});`);

const calls: Readonly<Record<Call['name'], (call: Call) => string>> = {
  get: (call) => `GetObjectRequest request = new GetObjectRequest(${named(call)});${processed(call)}
client.getObject(request, new File(${text(call.file)}));`,
  save: (call) => `ProcessObjectRequest request = new ProcessObjectRequest(${named(call)}, ${text(call.process)});
System.out.println(IOUtils.readStreamAsString(client.processObject(request).getResponse().getContent(), "UTF-8"));`,
  async: (call) =>
    `AsyncProcessObjectRequest request = new AsyncProcessObjectRequest(${named(call)}, ${text(call.process)});
System.out.println(client.asyncProcessObject(request).getTaskId());`,
  put: (call) => `client.putObject(${named(call)}, new File(${text(call.file)}));`,
  list: ({ bucket, key }) => `ListObjectsV2Request request = new ListObjectsV2Request(${text(bucket)}, ${text(key)});
request.setDelimiter("/");
for (OSSObjectSummary object : client.listObjectsV2(request).getObjectSummaries()) {
    System.out.println(object.getKey());
}`,
  presign: (call) =>
    `GeneratePresignedUrlRequest request = new GeneratePresignedUrlRequest(${named(call)}, HttpMethod.GET);
request.setExpiration(new Date(System.currentTimeMillis() + ${LIFETIME_S}_000L));${processed(call)}
System.out.println(client.generatePresignedUrl(request));`,
  head: (call) => `System.out.println(client.getObjectMetadata(${named(call)}).getRawMetadata());`,
  delete: (call) => `client.deleteObject(${named(call)});`,
};

const program = (lines: string): string => `import com.aliyun.oss.*;
import com.aliyun.oss.common.utils.IOUtils;
import com.aliyun.oss.model.*;
import java.io.File;
import java.util.Date;

public class Demo {
    public static void main(String[] args) throws Exception {
${lines.replace(/^/gm, '        ')}
    }
}`;

const sdk: Sdk = {
  ...{ language: 'java', name: 'aliyun-sdk-oss', title: 'Java', install: 'com.aliyun.oss:aliyun-sdk-oss' },
  ...{ syntax: 'java', comment: '//' },
  client,
  call: (to, call) => program(`${client(to)}\n${calls[call.name](call)}\nclient.shutdown();`),
};

export default sdk;
