/**
 * The table of errors, row by row and to the letter: status, code, EC, message, and the elements that say what it is about
 * (rest-core.md §2.2 to §2.4). Those about signatures are in strict-signatures.test.ts, those of forms in post-policy.test.ts.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { texts } from '../helpers/oss-xml.ts';
import { freshBucket, ossError, pathOf, put, request, type WireError } from '../helpers/ossite.ts';

let bucket: string;
let versioned: string;
let upload = '';
let marker: string;
const A = '0CC175B9C0F1B6A831C399E269772661';

beforeAll(async () => {
  [bucket, versioned] = [await freshBucket(), await freshBucket()];
  await put(bucket, 'k', Buffer.from('abc'));
  await put(bucket, 'archived', Buffer.from('abc'), { 'x-oss-storage-class': 'Archive' });
  await request('post', `${pathOf(bucket, 'appended')}?append&position=0`, { body: 'abc' });
  for (const [link, target] of Object.entries({ dead: 'nowhere', link: 'k', chain: 'link' }))
    await request('put', `${pathOf(bucket, link)}?symlink`, { headers: { 'x-oss-symlink-target': target } });
  [upload = ''] = texts((await request('post', `${pathOf(bucket, 'parts')}?uploads`)).text, 'UploadId');
  for (const n of [1, 2])
    await request('put', `${pathOf(bucket, 'parts')}?partNumber=${n}&uploadId=${upload}`, { body: 'a' });
  await request('put', `${pathOf(versioned)}?versioning`, {
    body: inside('VersioningConfiguration', '<Status>Enabled'),
  });
  await put(versioned, 'k', Buffer.from('abc'));
  marker = (await request('delete', pathOf(versioned, 'k'))).headers['x-oss-version-id'] ?? '';
});

/** An element around others, of which the last may be left open. */
function inside(name: string, content: string): string {
  const open = /<(\w+)>[^<]*$/.exec(content)?.[1];
  return `<${name}>${content}${open === undefined ? '' : `</${open}>`}</${name}>`;
}
const many = (count: number, one: (i: number) => string) => Array.from({ length: count }, (_, i) => one(i)).join('');
const tag = (key: string) => inside('Tag', `<Key>${key}</Key><Value>v`);
const tagging = (tags: string) => inside('Tagging', inside('TagSet', tags));
const listed = (...numbers: readonly number[]) =>
  inside(
    'CompleteMultipartUpload',
    numbers.map((n) => `<Part><PartNumber>${n}</PartNumber><ETag>${A}</ETag></Part>`).join(''),
  );
const created = (content: string) => inside('CreateBucketConfiguration', content);
const logged = (target: string) => inside('BucketLoggingStatus', inside('LoggingEnabled', `<TargetBucket>${target}`));

const METHOD = 'The specified method is not allowed against this resource.';
const PARTS = 'Part number must be an integer between 1 and 10000, inclusive.';
const COUNT = 'Argument max-keys must be an integer between 1 and 1000.';
const NO_UPLOAD =
  'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.';
const XML = 'The XML you provided was not well-formed or did not validate against our published schema.';
const NOT_MET = 'At least one of the pre-conditions you specified did not hold.';
const NO_PART =
  "One or more of the specified parts could not be found or the specified entity tag might not have matched the part's entity tag.";
const ORDER = 'The list of parts was not in ascending order. Parts list must specified in order by part number.';

type Row = readonly [asked: string, answer: string, elements?: Readonly<Record<string, string>>, body?: string];

/**
 * What is asked for, with headers behind it, and what is answered: status, code, EC where there is one, message. B and V stand
 * for buckets, UPLOAD and MARKER for what is in them.
 */
const rows: readonly Row[] = [
  ['PUT /Bad_Name', '400 InvalidBucketName: The specified bucket is not valid.', { BucketName: 'Bad_Name' }],
  [
    `GET /B/${'k'.repeat(1024)}`,
    '400 InvalidObjectName 0016-00000002: The Length of Object name must be less than 1024.',
  ],
  ['GET /B//k', '400 InvalidObjectName 0016-00000005: The specified object is not valid.'],
  ['GET /B/%D6%D0', '400 InvalidArgument: The characters encoding must be utf-8.'],
  [
    'PUT /B?acl x-oss-acl:no',
    '400 InvalidArgument 0015-00000204: no such bucket access control exists',
    { ArgumentName: 'x-oss-acl', ArgumentValue: 'no' },
  ],
  [
    'PUT /B/n x-oss-storage-class:No',
    '400 InvalidArgument: No such bucket storage class exists.',
    { ArgumentName: 'x-oss-storage-class', ArgumentValue: 'No' },
    '',
  ],
  ['GET /?max-keys=1001', `400 InvalidArgument 0017-00000289: ${COUNT}`, { ArgumentName: 'max-keys' }],
  ['GET /B?max-keys=0', `400 InvalidArgument 0015-00000402: ${COUNT}`, { ArgumentValue: '0' }],
  ['GET /B?list-type=2&max-keys=0', `400 InvalidArgument 0015-00000402: ${COUNT}`],
  ['GET /B?versions&max-keys=0', `400 InvalidArgument 0012-00000102: ${COUNT}`],
  [
    'GET /B?encoding-type=gbk',
    '400 InvalidArgument 0017-00000235: Invalid Encoding Method specified in Request',
    { ArgumentName: 'encoding-type', ArgumentValue: 'gbk' },
  ],
  [
    `GET /B?marker=${'m'.repeat(1024)}`,
    '400 InvalidArgument 0015-00000405: The length of marker must be less than 1024.',
  ],
  ['PUT /B/parts?uploadId=UPLOAD&partNumber', `400 InvalidArgument 0017-00000219: ${PARTS}`, {}, 'a'],
  ['PUT /B/parts?uploadId=UPLOAD&partNumber=0', `400 InvalidArgument 0017-00000220: ${PARTS}`, {}, 'a'],
  ['PUT /B/parts?uploadId=UPLOAD&partNumber=10001', `400 InvalidArgument 0017-00000220: ${PARTS}`, {}, 'a'],
  [
    'PUT /B/n x-oss-copy-source:/B/',
    '400 InvalidArgument: Copy Source must mention the source bucket and key: /sourcebucket/sourcekey.',
    { ArgumentName: 'x-oss-copy-source' },
  ],
  ['GET /B/k?versionId=no', '400 InvalidArgument: Invalid version id specified.', { ArgumentValue: 'no' }],
  ['GET /B/k?versionId', '400 InvalidArgument: Version id can not be the empty string.'],
  [
    'PUT /B?versioning',
    '400 InvalidArgument: The Versioning element must be specified.',
    {},
    '<VersioningConfiguration/>',
  ],
  [
    'GET /B/k x-oss-traffic-limit:819199',
    '400 InvalidArgument: x-oss-traffic-limit is invalid, should be specified between 819200(100KB/s) and 838860800(100MB/s).',
    { ArgumentName: 'x-oss-traffic-limit', ArgumentValue: '819199' },
  ],
  [
    'GET /B/k?x-oss-traffic-limit=819200 x-oss-traffic-limit:819200',
    '400 InvalidArgument: x-oss-traffic-limit should be specified either in query string or header, not both.',
  ],
  [
    'PUT /B/n x-oss-tagging:a=1&a=2',
    "400 InvalidArgument: The header 'x-oss-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.",
    { ArgumentName: 'x-oss-tagging' },
    '',
  ],
  [
    'PUT /B/n?callback=e30%3D&callback-var=e30%3D x-oss-callback-var:e30=',
    '400 InvalidArgument 0007-00000027: Either the callback-var query string parameter or the x-oss-callback-var header should be specified, not both.',
    {},
    '',
  ],
  [
    'POST /B/parts?uploadId=UPLOAD x-oss-complete-all:yes',
    '400 InvalidArgument 0042-00000216: Should not speficy both complete all header and http body.',
    { ArgumentName: 'x-oss-complete-all' },
    listed(1),
  ],
  ['POST /B/n?append', '400 MissingArgument 0016-00000502: Missing Some Required Arguments.', {}, 'a'],
  [
    'PUT /B/n content-md5:no',
    '400 InvalidDigest 0017-00000503: The Content-MD5 you specified was invalid.',
    { 'Content-MD5': 'no' },
    'a',
  ],
  [
    'PUT /B/n x-oss-hash-crc64ecma:1',
    '400 InvalidCRC64: The x-oss-hash-crc64ecma you specified does not match what we calculated.',
    {},
    'a',
  ],
  [
    'POST /B?delete',
    '400 EntityTooLarge: Your proposed upload exceeds the maximum allowed size.',
    { MaxSizeAllowed: '2097152' },
    ' '.repeat(2_097_153),
  ],
  [
    'POST /B/parts?uploadId=UPLOAD',
    '400 EntityTooSmall 0042-00000213: Your proposed upload smaller than the minimum allowed size.',
    { MinSizeAllowed: '102400', ProposedSize: '1', PartNumber: '1' },
    listed(1, 2),
  ],
  ['POST /B/parts?uploadId=UPLOAD', `400 InvalidPart: ${NO_PART}`, { PartNumber: '3' }, listed(3)],
  ['POST /B/parts?uploadId=UPLOAD', `400 InvalidPartOrder 0042-00000209: ${ORDER}`, {}, listed(2, 1)],
  ['POST /B/parts?uploadId=UPLOAD', `400 MalformedXML 0042-00000205: ${XML}`, {}, '<x'],
  [
    'POST /B?delete',
    `400 MalformedXML 0016-00000608: ${XML}`,
    { ErrorDetail: 'the root node is not named Delete.' },
    '<Remove/>',
  ],
  [
    'POST /B?delete',
    `400 MalformedXML 0016-00000608: ${XML}`,
    {},
    inside(
      'Delete',
      many(1001, () => '<Object><Key>k</Key></Object>'),
    ),
  ],
  [
    'POST /B?delete',
    '400 UserKeyMustBeSpecified: User key must be specified.',
    {},
    inside('Delete', '<Object><Key/></Object>'),
  ],
  ['PUT /B?website', `400 MalformedXML: ${XML}`, {}, '<x'],
  ['PUT /B?tagging', '400 RepeatedTags: Tag keys must be unique.', {}, tagging(tag('a') + tag('a'))],
  [
    'PUT /B?tagging',
    '400 TooManyTags: The bucket tags num is beyond limit.',
    {},
    tagging(many(21, (i) => tag(`k${i}`))),
  ],
  ['PUT /B/k?tagging', '400 InvalidTag: The TagKey you have provided is invalid', { TagKey: 'a*' }, tagging(tag('a*'))],
  [
    'PUT /B?cors',
    '400 CORSRuleBeyondLimit: The CORS Rules num is beyond limit.',
    {},
    inside(
      'CORSConfiguration',
      many(11, () => inside('CORSRule', '<AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET')),
    ),
  ],
  [
    `PUT /B/n x-oss-tagging:${many(11, (i) => `&k${i}=v`).slice(1)}`,
    '400 BadRequest: Object tags cannot be greater than 10',
    {},
    '',
  ],
  ['OPTIONS /B/k', '400 BadRequest: Insufficient information. Origin request header needed.'],
  ['OPTIONS /B/k origin:http://a', '400 BadRequest: Request Access-Control-Request-Method header needed.'],
  [
    'GET /B/k?response-content-type=a',
    '400 InvalidRequest: Request specific response headers cannot be used for anonymous GET requests.',
  ],
  [
    'PUT /B/n if-match:x',
    '400 NotImplemented: A header you provided implies functionality that is not implemented.',
    { Header: 'if-match' },
    '',
  ],
  ['GET /B/k?symlink', '400 NotSymlink: The object is not symlink.'],
  ['GET /B/chain', "400 InvalidTargetType 0026-00000011: The symbolic's target file type is invalid"],
  ['POST /B/k?restore', '400 OperationNotSupported 0016-00000702: The operation is not supported for this resource.'],
  [
    'PUT /B/n x-oss-server-side-encryption:DES',
    '400 InvalidEncryptionAlgorithmError: The Encryption request you specified is not valid. Supported value: AES256/SM4/KMS.',
    {},
    '',
  ],
  [
    'PUT /no-such-bucket',
    '400 InvalidLocationConstraint: The specified location-constraint is not valid',
    {},
    created('<LocationConstraint>moon'),
  ],
  [
    'PUT /B?logging',
    '400 InvalidTargetBucketForLogging: put bucket log requester is not target bucket owner.',
    {},
    logged('no-such-bucket'),
  ],
  [
    'PUT /B?resourceGroup',
    '400 ResourceGroupIdPreCheckError 0039-00000003: The resource group id precheck error',
    {},
    inside('BucketResourceGroupConfiguration', '<ResourceGroupId>no'),
  ],
  [
    'POST /B',
    '400 RequestIsNotMultiPartContent: Bucket POST must be of the enclosure-type multipart/form-data.',
    {},
    'a',
  ],
  ['GET /B/archived', "403 InvalidObjectState: The operation is not valid for the object's state."],
  [
    'GET /no-such-bucket/k',
    '404 NoSuchBucket 0015-00000101: The specified bucket does not exist.',
    { BucketName: 'no-such-bucket' },
  ],
  ['GET /B/none', '404 NoSuchKey 0026-00000001: The specified key does not exist.', { Key: 'none' }],
  ['POST /B/parts?uploadId=NO', `404 NoSuchUpload 0017-00000244: ${NO_UPLOAD}`, { UploadId: 'NO' }, listed(1)],
  ['PUT /B/parts?uploadId=NO&partNumber=1', `404 NoSuchUpload 0042-00000104: ${NO_UPLOAD}`, { UploadId: 'NO' }, 'a'],
  ['GET /B/parts?uploadId=NO', `404 NoSuchUpload 0042-00000002: ${NO_UPLOAD}`, { UploadId: 'NO' }],
  [`GET /B/k?versionId=CAE${'0'.repeat(61)}`, '404 NoSuchVersion: The specified version does not exist.'],
  ['GET /B/dead', '404 SymlinkTargetNotExist: The symlink target object does not exist'],
  ['GET /B?lifecycle', '404 NoSuchLifecycle: No Row found in Lifecycle Table.'],
  ['GET /B?cors', '404 NoSuchCORSConfiguration: The CORS Configuration does not exist.'],
  ['GET /B?website', '404 NoSuchWebsiteConfiguration: The specified bucket does not have a website configuration.'],
  ['GET /B?encryption', '404 NoSuchServerSideEncryptionRule: The server side encryption configuration was not found.'],
  ['GET /B?policy', '404 NoSuchBucketPolicy: The specified bucket policy does not exist.'],
  ['GET /B?inventory&inventoryId=a', '404 NoSuchInventory: No Row found in Inventory Table.'],
  [
    'GET /B?replication',
    '404 NoSuchReplicationConfiguration: The bucket you specified does not have replication configuration.',
  ],
  [
    'GET /B?replicationProgress&rule-id=a',
    '404 NoSuchReplicationRule: The BucketReplicationRule you specified does not exist.',
  ],
  [
    'GET /B?transferAcceleration',
    '404 NoSuchTransferAccelerationConfiguration: The bucket you specified does not have transfer acceleration configuration.',
  ],
  ['GET /B?worm', '404 NoSuchWORMConfiguration: The WORM Configuration does not exist.'],
  ['GET /B?style&styleName=a', '404 NoSuchStyle: The style you get is not found.'],
  ['GET /?regions=oss-moon', '404 NoSuchRegion: NoSuchRegion'],
  [
    'GET /V/k?versionId=MARKER',
    `405 MethodNotAllowed 0003-00000016: ${METHOD}`,
    { Method: 'GET', ResourceType: 'DeleteMarker' },
  ],
  ['POST /B/k', `405 MethodNotAllowed 0017-00000001: ${METHOD}`, { Method: 'POST', ResourceType: 'Object' }, 'a'],
  ['DELETE /B', '409 BucketNotEmpty 0015-00000301: The bucket has objects. Please delete them first.'],
  [
    'PUT /B',
    "409 BucketAlreadyExists 0015-00000104: Cannot modify existing bucket's storage class.",
    {},
    created('<StorageClass>IA'),
  ],
  [
    'POST /B/appended?append&position=1',
    '409 PositionNotEqualToLength 0026-00000016: Position is not equal to file length',
    {},
    'a',
  ],
  ['POST /B/k?append&position=3', '409 ObjectNotAppendable: The object is not appendable', {}, 'a'],
  [
    'PUT /B/k x-oss-forbid-overwrite:true',
    '409 FileAlreadyExists: The object you specified already exists and can not be overwritten.',
    {},
    'a',
  ],
  ['GET /B/k if-match:"x"', `412 PreconditionFailed: ${NOT_MET}`, { Condition: 'If-Match' }],
  ['GET /B/k range:bytes=-0', '416 InvalidRange: The requested range cannot be satisfied'],
];

function ask(method: string, asked: string, body: string | undefined) {
  const [, path = '', ...headers] = asked.split(' ');
  const place = path
    .replace(/^\/B(?=[/?]|$)/, `/${bucket}`)
    .replace(/^\/V(?=\/)/, `/${versioned}`)
    .replace('UPLOAD', upload)
    .replace('MARKER', marker);
  const sent = headers.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)] as const);
  return request(method as 'get', place, {
    headers: Object.fromEntries(sent),
    ...(body === undefined ? {} : { body }),
  });
}

const said = ({ status, code, ec, message }: WireError): string =>
  `${status} ${code}${ec === undefined ? '' : ` ${ec}`}: ${message}`;

describe('the table of errors', () => {
  it.each(rows.map((row, i) => [i, row[0].slice(0, 60), row] as const))(
    '%i: %s',
    async (_i, _asked, [asked, answer, elements = {}, body]) => {
      const got = await ask(asked.slice(0, asked.indexOf(' ')).toLowerCase(), asked, body);
      const error = ossError(got);
      expect(said(error)).toBe(answer);
      expect(got.headers['x-oss-ec']).toBe(error.ec);
      expect(error.elements).toMatchObject({ ...elements, RequestId: got.headers['x-oss-request-id'] });
      expect(error.elements.RecommendDoc).toBe(error.ec && `https://api.aliyun.com/troubleshoot?q=${error.ec}`);
      expect(error.elements.HostId).toMatch(/^127\.0\.0\.1:\d+$/);
    },
  );

  // Of those that are the same for HEAD: no sub-resource, no range, nothing that is only about the bytes.
  it.each(
    rows
      .filter(([asked]) => /^GET \/[^?]*\/[^?]*$/.test(asked) && !/range:|limit:|archived/.test(asked))
      .map((row) => [row[0].slice(0, 60), row] as const),
  )('of a HEAD it stands in a header: %s', async (_, [asked, answer, elements = {}]) => {
    const { status, headers, bytes } = await ask('head', asked, undefined);
    expect([bytes.length, headers['content-type']]).toEqual([0, undefined]);
    const text = Buffer.from(headers['x-oss-err'] ?? '', 'base64').toString('utf8');
    const error = ossError({ status, text });
    expect(said(error)).toBe(answer);
    expect(headers['x-oss-ec']).toBe(error.ec);
    expect(error.elements).toMatchObject(elements);
  });
});
