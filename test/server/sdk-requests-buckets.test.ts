/** Requests about buckets as the official SDKs send them, and the answers that their own tests find at the service. */
import { describe, expect, it } from 'vitest';
import { configure, elements } from '../helpers/configure.ts';
import { freshBucket, get, head, ossError, pathOf, put, request } from '../helpers/ossite.ts';

describe('buckets', () => {
  const shown = async (bucket: string, query: string) => request('get', `${pathOf(bucket)}?${query}`);
  const refused = async (bucket: string, query: string, body: string) =>
    ossError(await request('put', `${pathOf(bucket)}?${query}`, { body }));

  it('what is on or off comes back in lower case: the Python SDK writes True', async () => {
    const bucket = await freshBucket();
    const redirect =
      '<RedirectType>Mirror</RedirectType><PassQueryString>True</PassQueryString><MirrorURL>http://a.com/</MirrorURL><MirrorHeaders><PassAll>False</PassAll></MirrorHeaders>';
    const condition = '<HttpErrorCodeReturnedEquals>404</HttpErrorCodeReturnedEquals>';
    await configure(
      { request },
      bucket,
      'website',
      `<WebsiteConfiguration><RoutingRules><RoutingRule><RuleNumber>1</RuleNumber><Condition>${condition}</Condition><Redirect>${redirect}</Redirect></RoutingRule></RoutingRules></WebsiteConfiguration>`,
    );
    const website = await shown(bucket, 'website');
    expect(['PassQueryString', 'PassAll'].flatMap((name) => elements(website, name))).toEqual(['true', 'false']);
    await configure(
      { request },
      bucket,
      'lifecycle',
      '<LifecycleConfiguration><Rule><Prefix>True</Prefix><Status>Enabled</Status><Expiration><ExpiredObjectDeleteMarker>True</ExpiredObjectDeleteMarker></Expiration></Rule></LifecycleConfiguration>',
    );
    const lifecycle = await shown(bucket, 'lifecycle');
    expect(elements(lifecycle, 'ExpiredObjectDeleteMarker')).toEqual(['true']);
    expect(elements(lifecycle, 'Prefix')).toEqual(['True']);
  });

  it('CORS rules name headers in lower case and whether answers vary; a negative age is an argument', async () => {
    const bucket = await freshBucket();
    const rule = (more: string) =>
      `<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod>${more}</CORSRule></CORSConfiguration>`;
    await configure({ request }, bucket, 'cors', rule('<AllowedHeader>X-Oss-A</AllowedHeader>'));
    const told = await shown(bucket, 'cors');
    expect([elements(told, 'AllowedHeader'), elements(told, 'ResponseVary')]).toEqual([['x-oss-a'], ['false']]);
    expect(await refused(bucket, 'cors', rule('<MaxAgeSeconds>-1</MaxAgeSeconds>'))).toMatchObject({
      code: 'InvalidArgument',
      elements: { ArgumentName: 'MaxAgeSeconds', ArgumentValue: '-1' },
    });
  });

  it.each([
    ['Standard', '<Expiration><Days>9</Days></Expiration>', [['5', 'Standard']]],
    ['later than the end', '<Expiration><Days>3</Days></Expiration>', [['4', 'IA']]],
    [
      'a colder class first',
      '<Expiration><Days>9</Days></Expiration>',
      [
        ['5', 'IA'],
        ['2', 'Archive'],
      ],
    ],
  ])('a lifecycle rule moves nothing to %s', async (_, end, moves) => {
    const bucket = await freshBucket();
    const transitions = moves.map(
      ([days, name]) => `<Transition><Days>${days}</Days><StorageClass>${name}</StorageClass></Transition>`,
    );
    const rule = (more: string) =>
      `<LifecycleConfiguration><Rule><Prefix>a</Prefix><Status>Enabled</Status>${more}</Rule></LifecycleConfiguration>`;
    const told = await refused(bucket, 'lifecycle', rule(end + transitions.join('')));
    expect(told).toMatchObject({ status: 400, code: 'InvalidArgument' });
  });

  it('tags of lifecycle rules may be long, but not of other characters, and each key there once', async () => {
    const bucket = await freshBucket();
    const rule = (key: string, value: string) =>
      `<LifecycleConfiguration><Rule><Prefix>a</Prefix><Status>Enabled</Status><Expiration><Days>1</Days></Expiration><Tag><Key>${key}</Key><Value>${value}</Value></Tag></Rule></LifecycleConfiguration>`;
    await configure({ request }, bucket, 'lifecycle', rule('a'.repeat(129), 'b'.repeat(257)));
    for (const wrong of [rule('%', 'v'), rule('k', ')%'), rule('k', 'v</Value></Tag><Tag><Key>k</Key><Value>w')])
      expect(await refused(bucket, 'lifecycle', wrong)).toMatchObject({ status: 400, code: 'MalformedXML' });
  });

  it('a policy that names nobody is for everybody', async () => {
    const bucket = await freshBucket();
    const policy = `{"Version":"1","Statement":[{"Action":["oss:PutObject"],"Effect":"Allow","Resource":["acs:oss:*:*:${bucket}/*"]}]}`;
    await configure({ request }, bucket, 'policy', policy);
    expect((await shown(bucket, 'policy')).text).toBe(policy);
    expect(elements(await shown(bucket, 'policyStatus'), 'IsPublic')).toEqual(['true']);
  });

  it('callback policies are not taken for policies', async () => {
    const bucket = await freshBucket();
    const policy = `{"Version":"1","Statement":[{"Action":["oss:*"],"Effect":"Deny","Principal":["*"],"Resource":["acs:oss:*:*:${bucket}"]}]}`;
    await configure({ request }, bucket, 'policy', policy);
    for (const method of ['get', 'put', 'delete'] as const) {
      const answer = await request(method, `${pathOf(bucket)}?policy&comp=callback`);
      expect(ossError(answer)).toMatchObject({ status: 400, code: 'NotImplemented' });
    }
    expect((await shown(bucket, 'policy')).text).toBe(policy);
  });

  it('a document with blanks before its declaration is taken', async () => {
    const made = `${await freshBucket()}-ia`;
    const body =
      '\n  <?xml version="1.0" encoding="UTF-8"?>\n  <CreateBucketConfiguration><StorageClass>IA</StorageClass></CreateBucketConfiguration>\n';
    expect((await request('put', pathOf(made), { body })).status).toBe(200);
    expect(elements(await shown(made, 'bucketInfo'), 'StorageClass')).toEqual(['IA']);
  });

  it('the names of pages may be empty beside rules of a website: there are none then', async () => {
    const bucket = await freshBucket();
    const rule =
      '<RoutingRule><RuleNumber>1</RuleNumber><Condition><HttpErrorCodeReturnedEquals>404</HttpErrorCodeReturnedEquals></Condition><Redirect><RedirectType>Mirror</RedirectType><MirrorURL>http://127.0.0.1:1/</MirrorURL><MirrorHeaders><Pass>a</Pass></MirrorHeaders></Redirect></RoutingRule>';
    const website = `<WebsiteConfiguration><IndexDocument><Suffix></Suffix></IndexDocument><ErrorDocument><Key></Key></ErrorDocument><RoutingRules>${rule}</RoutingRules></WebsiteConfiguration>`;
    await configure({ request }, bucket, 'website', website);
    const answer = await shown(bucket, 'website');
    expect([elements(answer, 'MirrorURL'), elements(answer, 'Suffix'), elements(answer, 'Key')]).toEqual([
      ['http://127.0.0.1:1/'],
      [],
      [],
    ]);
    const unsaid = ['PassQueryString', 'MirrorPassQueryString', 'MirrorFollowRedirect', 'MirrorCheckMd5', 'PassAll'];
    expect(unsaid.map((name) => elements(answer, name))).toEqual([
      ['false'],
      ['false'],
      ['true'],
      ['false'],
      ['false'],
    ]);
  });

  it('ListBuckets refuses a prefix that no name begins with', async () => {
    for (const prefix of ['BucketNameInvalid', '-a', 'a_b', 'a'.repeat(64)]) {
      expect(ossError(await request('get', `/?prefix=${prefix}`))).toMatchObject({
        status: 400,
        code: 'InvalidArgument',
        ec: '0017-00000290',
      });
    }
    expect((await request('get', '/?prefix=')).status).toBe(200);
  });

  it('PutBucket makes a bucket in a resource group', async () => {
    const bucket = `${await freshBucket()}-group`;
    const make = (id: string) => request('put', pathOf(bucket), { headers: { 'x-oss-resource-group-id': id } });
    expect(ossError(await make('invalid-rs-id'))).toMatchObject({ status: 400, code: 'InvalidArgument' });
    expect(ossError(await shown(bucket, 'bucketInfo')).code).toBe('NoSuchBucket');
    expect((await make('rg-aekz00000000000')).status).toBe(200);
    for (const query of ['bucketInfo', 'resourceGroup'])
      expect(elements(await shown(bucket, query), 'ResourceGroupId')).toEqual(['rg-aekz00000000000']);
  });

  it('ListBuckets tells the resource group where it was asked for one', async () => {
    const bucket = await freshBucket();
    const answer = await request('get', `/?prefix=${bucket}`);
    expect([elements(answer, 'Name'), elements(answer, 'ResourceGroupId')]).toEqual([[bucket], []]);
  });

  it('an empty resource group is the default one, in lists as well', async () => {
    const bucket = await freshBucket();
    const group = '<BucketResourceGroupConfiguration><ResourceGroupId/></BucketResourceGroupConfiguration>';
    await configure({ request }, bucket, 'resourceGroup', group);
    const [id] = elements(await shown(bucket, 'resourceGroup'), 'ResourceGroupId');
    expect(id).toMatch(/^rg-/);
    const other = await freshBucket();
    const listed = await request('get', `/?prefix=${other}`, { headers: { 'x-oss-resource-group-id': id ?? '' } });
    expect([elements(listed, 'Name'), elements(listed, 'ResourceGroupId')]).toEqual([[other], [id]]);
  });

  it('ListBuckets finds a tag that is written without quotes', async () => {
    const bucket = await freshBucket();
    await configure(
      { request },
      bucket,
      'tagging',
      `<Tagging><TagSet><Tag><Key>of</Key><Value>${bucket}</Value></Tag></TagSet></Tagging>`,
    );
    expect(elements(await request('get', `/?tagging=of%3A${bucket}`), 'Name')).toEqual([bucket]);
  });

  it('PutBucket takes the headers of an encryption; AES256 has no key', async () => {
    const bucket = await freshBucket();
    const made = `${bucket}-kms`;
    const headers = {
      'x-oss-server-side-encryption': 'KMS',
      'x-oss-server-side-data-encryption': 'SM4',
      'x-oss-server-side-encryption-key-id': 'key-1',
    };
    expect((await request('put', pathOf(made), { headers })).status).toBe(200);
    const info = await shown(made, 'bucketInfo');
    const names = ['SSEAlgorithm', 'KMSDataEncryption', 'KMSMasterKeyID'];
    expect(names.map((name) => elements(info, name)[0])).toEqual(['KMS', 'SM4', 'key-1']);
    expect((await request('put', pathOf(made, 'k'), { body: 'x' })).headers).toMatchObject(headers);
    const rule =
      '<ServerSideEncryptionRule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm><KMSMasterKeyID>k</KMSMasterKeyID></ApplyServerSideEncryptionByDefault></ServerSideEncryptionRule>';
    expect(await refused(bucket, 'encryption', rule)).toMatchObject({ status: 400, code: 'InvalidArgument' });
  });

  it('a bucket in which there was never anything was never counted', async () => {
    const bucket = await freshBucket();
    expect(elements(await shown(bucket, 'stat'), 'LastModifiedTime')).toEqual(['0']);
    await put(bucket, 'k', Buffer.from('x'));
    expect(Number(elements(await shown(bucket, 'stat'), 'LastModifiedTime')[0])).toBeGreaterThan(1_700_000_000);
  });

  it('a list of no inventories is an error; a TLS version is shown once', async () => {
    const bucket = await freshBucket();
    expect(ossError(await shown(bucket, 'inventory'))).toMatchObject({ status: 404, code: 'NoSuchInventory' });
    const tls =
      '<HttpsConfiguration><TLS><Enable>true</Enable><TLSVersion>TLSv1.2</TLSVersion><TLSVersion>TLSv1.2</TLSVersion></TLS></HttpsConfiguration>';
    await configure({ request }, bucket, 'httpsConfig', tls);
    expect(elements(await shown(bucket, 'httpsConfig'), 'TLSVersion')).toEqual(['TLSv1.2']);
  });

  it('a website rule of a script may mirror without a 404', async () => {
    const bucket = await freshBucket();
    const rule = (more: string) =>
      `<WebsiteConfiguration><IndexDocument><Suffix>index.html</Suffix></IndexDocument><RoutingRules><RoutingRule><RuleNumber>1</RuleNumber><Condition><KeyPrefixEquals>k</KeyPrefixEquals></Condition><Redirect><RedirectType>Mirror</RedirectType><MirrorURL>http://a.com/</MirrorURL></Redirect>${more}</RoutingRule></RoutingRules></WebsiteConfiguration>`;
    await configure({ request }, bucket, 'website', rule('<LuaConfig><Script>test.lua</Script></LuaConfig>'));
    expect(elements(await shown(bucket, 'website'), 'Script')).toEqual(['test.lua']);
    expect(await refused(bucket, 'website', rule(''))).toMatchObject({
      code: 'InvalidArgument',
      elements: { ArgumentName: 'HttpErrorCodeReturnedEquals' },
    });
  });

  it('what the Java SDK reads of a redirect or of a log is there; it sends & as it is', async () => {
    const bucket = await freshBucket();
    await configure(
      { request },
      bucket,
      'website',
      '<WebsiteConfiguration><RoutingRules><RoutingRule><RuleNumber>1</RuleNumber><Redirect><HostName>a.com</HostName><ReplaceKeyWith>a&&b</ReplaceKeyWith></Redirect></RoutingRule></RoutingRules></WebsiteConfiguration>',
    );
    const website = await shown(bucket, 'website');
    const names = ['RedirectType', 'PassQueryString', 'MirrorPassOriginalSlashes', 'ReplaceKeyWith'];
    expect(names.flatMap((name) => elements(website, name))).toEqual(['External', 'false', 'false', 'a&&b']);
    const log = `<BucketLoggingStatus><LoggingEnabled><TargetBucket>${bucket}</TargetBucket></LoggingEnabled></BucketLoggingStatus>`;
    await configure({ request }, bucket, 'logging', log);
    expect(elements(await shown(bucket, 'logging'), 'TargetPrefix')).toEqual(['']);
  });

  it('the Java SDK sends elements that hold nothing, and no ACL at all', async () => {
    const bucket = await freshBucket('public-read');
    const rule =
      '<ServerSideEncryptionRule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>SM4</SSEAlgorithm><KMSMasterKeyID/><KMSDataEncryption></KMSDataEncryption></ApplyServerSideEncryptionByDefault></ServerSideEncryptionRule>';
    await configure({ request }, bucket, 'encryption', rule);
    expect((await shown(bucket, 'encryption')).text).not.toContain('KMS');
    expect((await request('put', `${pathOf(bucket)}?acl`)).status).toBe(200);
    expect(elements(await shown(bucket, 'acl'), 'Grant')).toEqual(['public-read']);
  });

  it('the Java SDK sends an empty ACL for none, and asks in a header for encoded keys of deleted objects', async () => {
    const bucket = await freshBucket();
    const empty = { 'x-oss-object-acl': '' };
    await put(bucket, 'a/~', Buffer.from('x'), empty);
    expect(elements(await get(bucket, 'a/~', { acl: '' }), 'Grant')).toEqual(['default']);
    const acl = await request('put', `${pathOf(bucket, 'a/~')}?acl`, { headers: empty });
    expect(ossError(acl)).toMatchObject({ status: 400, code: 'MissingArgument' });
    const deleted = await request('post', `${pathOf(bucket)}?delete`, {
      headers: { 'encoding-type': 'url' },
      body: '<Delete><Object><Key>a/&#1;</Key></Object></Delete>',
    });
    expect(['EncodingType', 'Key'].flatMap((name) => elements(deleted, name))).toEqual(['url', 'a%2F%01']);
  });

  it('where the Java SDK counts and compares: length of version ids, region of a bucket, location of an upload', async () => {
    const bucket = await freshBucket();
    await configure(
      { request },
      bucket,
      'versioning',
      '<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>',
    );
    await put(bucket, 'k', Buffer.from('x'));
    expect((await head(bucket, 'k')).headers['x-oss-version-id']).toMatch(/^CAE[\w.~-]{61}$/);
    expect((await head(bucket, '')).headers['x-oss-bucket-region']).toBe('oss-cn-hangzhou');
    const key = pathOf(bucket, 'a/~');
    const [id = ''] = elements(await request('post', `${key}?uploads`), 'UploadId');
    await request('put', `${key}?partNumber=1&uploadId=${id}`, { body: 'x' });
    const headers = { 'x-oss-complete-all': 'yes' };
    const [location = ''] = elements(await request('post', `${key}?uploadId=${id}`, { headers }), 'Location');
    expect(new URL(location).pathname).toBe(`/${bucket}/a/%7E`);
  });

  it('a mirror passes queries in one way, whichever of the two names says so', async () => {
    const bucket = await freshBucket();
    const mirror = (number: number, more: string) =>
      `<RoutingRule><RuleNumber>${number}</RuleNumber><Condition><HttpErrorCodeReturnedEquals>404</HttpErrorCodeReturnedEquals></Condition><Redirect><RedirectType>Mirror</RedirectType><MirrorURL>http://a.com/</MirrorURL>${more}</Redirect></RoutingRule>`;
    const pass = '<MirrorPassQueryString>True</MirrorPassQueryString>';
    const not = '<PassQueryString>true</PassQueryString><MirrorPassQueryString>false</MirrorPassQueryString>';
    await configure(
      { request },
      bucket,
      'website',
      `<WebsiteConfiguration><RoutingRules>${mirror(1, pass)}${mirror(2, not)}</RoutingRules></WebsiteConfiguration>`,
    );
    const website = await shown(bucket, 'website');
    expect(elements(website, 'PassQueryString')).toEqual(['true', 'false']);
    expect(elements(website, 'MirrorPassQueryString')).toEqual(['true', 'false']);
  });

  it('a list of inventories tells the token it was asked with; classes of a filter are in order', async () => {
    const bucket = await freshBucket();
    const inventory = (id: string) =>
      `<InventoryConfiguration><Id>${id}</Id><IsEnabled>true</IsEnabled><Destination><OSSBucketDestination><Format>CSV</Format><AccountId>1</AccountId><RoleArn>acs:ram::1:role/r</RoleArn><Bucket>acs:oss:::${bucket}</Bucket></OSSBucketDestination></Destination><Schedule><Frequency>Daily</Frequency></Schedule><Filter><Prefix>p</Prefix><StorageClass>Standard,IA</StorageClass></Filter><IncludedObjectVersions>All</IncludedObjectVersions></InventoryConfiguration>`;
    for (let i = 0; i < 101; i += 1)
      await configure({ request }, bucket, `inventory&inventoryId=i${i}`, inventory(`i${i}`));
    const first = await shown(bucket, 'inventory');
    const [token = ''] = elements(first, 'NextContinuationToken');
    expect([elements(first, 'ContinuationToken'), elements(first, 'StorageClass')[0]]).toEqual([[], 'IA,Standard']);
    const rest = await get(bucket, '', { inventory: '', 'continuation-token': token });
    const names = ['ContinuationToken', 'NextContinuationToken', 'Id'];
    expect(names.map((name) => elements(rest, name))).toEqual([[token], [], [expect.any(String)]]);
  });

  it('only KMS has an algorithm for data', async () => {
    const bucket = await freshBucket();
    const rule = (algorithm: string) =>
      `<ServerSideEncryptionRule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>${algorithm}</SSEAlgorithm><KMSDataEncryption>SM4</KMSDataEncryption></ApplyServerSideEncryptionByDefault></ServerSideEncryptionRule>`;
    for (const [algorithm, kept] of [
      ['AES256', []],
      ['KMS', ['SM4']],
    ] as const) {
      await configure({ request }, bucket, 'encryption', rule(algorithm));
      for (const place of ['encryption', 'bucketInfo'])
        expect(elements(await shown(bucket, place), 'KMSDataEncryption')).toEqual(kept);
    }
  });

  it('older versions get colder before they go', async () => {
    const bucket = await freshBucket();
    const rule = (end: number, ia: number) =>
      `<LifecycleConfiguration><Rule><Prefix>a</Prefix><Status>Enabled</Status><NoncurrentVersionExpiration><NoncurrentDays>${end}</NoncurrentDays></NoncurrentVersionExpiration><NoncurrentVersionTransition><NoncurrentDays>${ia}</NoncurrentDays><StorageClass>IA</StorageClass></NoncurrentVersionTransition></Rule></LifecycleConfiguration>`;
    expect((await refused(bucket, 'lifecycle', rule(5, 10))).code).toBe('InvalidArgument');
    await configure({ request }, bucket, 'lifecycle', rule(10, 5));
  });

  it('what empties a bucket finds no live channels and no access points', async () => {
    const bucket = await freshBucket();
    const channels = await shown(bucket, 'live');
    expect([elements(channels, 'IsTruncated'), elements(channels, 'LiveChannel')]).toEqual([['false'], []]);
    for (const path of [`${pathOf(bucket)}?accessPoint`, '/?accessPoint']) {
      const points = await request('get', path);
      expect([elements(points, 'IsTruncated'), elements(points, 'AccessPoint')]).toEqual([['false'], []]);
    }
    expect(ossError(await request('get', '/no-such-bucket?live')).code).toBe('NoSuchBucket');
    const one = await request('get', `${pathOf(bucket)}?accessPoint`, { headers: { 'x-oss-access-point-name': 'ap' } });
    expect(ossError(one)).toMatchObject({ status: 400, code: 'NotImplemented' });
  });
});
