/** Configurations of buckets as clients put them, and what OSS refuses of them (rest-core.md §1.7). */

export interface Case {
  readonly query: string;
  readonly body: string;
  /** What GET answers when nothing was put: a code, or the text of the document without prolog and blanks. */
  readonly absent: string;
  readonly removed: boolean;
  /** What PUT answers for a bucket that is not there. Absent: NoSuchBucket. */
  readonly withoutBucket?: { readonly status: number; readonly code: string; readonly ec: string };
  readonly wrong: readonly (readonly [body: string, code: string])[];
}

const lifecycleRule = (content: string) => `<LifecycleConfiguration><Rule>${content}</Rule></LifecycleConfiguration>`;
/** A bucket that has to be there for the case of inventories. */
export const INVENTORIES = 'inventories-of-others';

/** @param target a bucket */
export const inventory = (id: string, target: string) =>
  `<InventoryConfiguration><Id>${id}</Id><IsEnabled>true</IsEnabled><Filter><Prefix>p/</Prefix></Filter><Destination><OSSBucketDestination><Format>CSV</Format><AccountId>1</AccountId><RoleArn>acs:ram::1:role/r</RoleArn><Bucket>acs:oss:::${target}</Bucket></OSSBucketDestination></Destination><Schedule><Frequency>Daily</Frequency></Schedule><IncludedObjectVersions>All</IncludedObjectVersions><OptionalFields><Field>Size</Field><Field>ETag</Field></OptionalFields></InventoryConfiguration>`;
export const manyRules = (count: number) =>
  `<CORSConfiguration>${'<CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule>'.repeat(count)}</CORSConfiguration>`;
export const manyTags = (count: number) =>
  `<Tagging><TagSet>${Array.from({ length: count }, (_, i) => `<Tag><Key>k${i}</Key><Value>v</Value></Tag>`).join('')}</TagSet></Tagging>`;

export const overwriteRules = (...rules: readonly string[]) =>
  `<OverwriteConfiguration>${rules.map((rule) => `<Rule><Action>forbid</Action>${rule}</Rule>`).join('')}</OverwriteConfiguration>`;

export const cases: Readonly<Record<string, Case>> = {
  cors: {
    query: 'cors',
    body: '<CORSConfiguration><CORSRule><AllowedOrigin>http://a.com</AllowedOrigin><AllowedMethod>GET</AllowedMethod><AllowedHeader>x-*</AllowedHeader><ExposeHeader>ETag</ExposeHeader><MaxAgeSeconds>10</MaxAgeSeconds><Unknown><Kept>yes</Kept></Unknown></CORSRule><ResponseVary>true</ResponseVary></CORSConfiguration>',
    absent: 'NoSuchCORSConfiguration',
    removed: true,
    wrong: [
      ['<CORSConfiguration/>', 'MalformedXML'],
      [manyRules(11), 'CORSRuleBeyondLimit'],
      [manyRules(1).replace('GET', 'PATCH'), 'MalformedXML'],
      [manyRules(1).replace('*', '*.*'), 'MalformedXML'],
      [manyRules(1).replace('<AllowedOrigin>*</AllowedOrigin>', ''), 'MalformedXML'],
    ],
  },
  website: {
    query: 'website',
    body: '<WebsiteConfiguration><IndexDocument><Suffix>index.html</Suffix><SupportSubDir>true</SupportSubDir><Type>0</Type></IndexDocument><ErrorDocument><Key>error.html</Key><HttpStatus>404</HttpStatus></ErrorDocument><RoutingRules><RoutingRule><RuleNumber>1</RuleNumber><Condition><KeyPrefixEquals>a/</KeyPrefixEquals><HttpErrorCodeReturnedEquals>404</HttpErrorCodeReturnedEquals></Condition><Redirect><RedirectType>Mirror</RedirectType><MirrorURL>http://example.com/</MirrorURL><MirrorHeaders><PassAll>true</PassAll></MirrorHeaders><PassQueryString>true</PassQueryString><MirrorPassQueryString>true</MirrorPassQueryString><MirrorFollowRedirect>false</MirrorFollowRedirect><MirrorCheckMd5>true</MirrorCheckMd5><MirrorPassOriginalSlashes>false</MirrorPassOriginalSlashes></Redirect><LuaConfig><Script>x.lua</Script></LuaConfig></RoutingRule></RoutingRules></WebsiteConfiguration>',
    absent: 'NoSuchWebsiteConfiguration',
    removed: true,
    wrong: [
      ['<WebsiteConfiguration/>', 'MalformedXML'],
      [
        '<WebsiteConfiguration><IndexDocument><Suffix>a/b</Suffix></IndexDocument></WebsiteConfiguration>',
        'MalformedXML',
      ],
      ['<WebsiteConfiguration><ErrorDocument/></WebsiteConfiguration>', 'MalformedXML'],
      [
        '<WebsiteConfiguration><IndexDocument><Suffix/></IndexDocument><ErrorDocument><Key/></ErrorDocument></WebsiteConfiguration>',
        'MalformedXML',
      ],
    ],
  },
  referer: {
    query: 'referer',
    body: '<RefererConfiguration><AllowEmptyReferer>true</AllowEmptyReferer><AllowTruncateQueryString>true</AllowTruncateQueryString><TruncatePath>true</TruncatePath><RefererList><Referer>http://a.com</Referer><Referer>*.b.com</Referer></RefererList><RefererBlacklist><Referer>http://c.com</Referer></RefererBlacklist></RefererConfiguration>',
    absent:
      '<RefererConfiguration><AllowEmptyReferer>true</AllowEmptyReferer><AllowTruncateQueryString>true</AllowTruncateQueryString><RefererList/></RefererConfiguration>',
    removed: false,
    wrong: [
      ['<RefererConfiguration><RefererList/></RefererConfiguration>', 'MalformedXML'],
      [
        '<RefererConfiguration><AllowEmptyReferer>yes</AllowEmptyReferer><RefererList/></RefererConfiguration>',
        'MalformedXML',
      ],
    ],
  },
  lifecycle: {
    query: 'lifecycle',
    body: lifecycleRule(
      '<ID>one</ID><Prefix>p/</Prefix><Status>Enabled</Status><Filter><Not><Prefix>p/q/</Prefix><Tag><Key>k</Key><Value>v</Value></Tag></Not><ObjectSizeGreaterThan>1</ObjectSizeGreaterThan></Filter><Expiration><Days>30</Days></Expiration><Transition><Days>10</Days><StorageClass>IA</StorageClass><IsAccessTime>false</IsAccessTime></Transition><AbortMultipartUpload><CreatedBeforeDate>2026-01-01T00:00:00.000Z</CreatedBeforeDate></AbortMultipartUpload><NoncurrentVersionExpiration><NoncurrentDays>5</NoncurrentDays></NoncurrentVersionExpiration>',
    ),
    absent: 'NoSuchLifecycle',
    removed: true,
    wrong: [
      ['<LifecycleConfiguration/>', 'MalformedXML'],
      [lifecycleRule('<Prefix/><Status>Enabled</Status>'), 'MalformedXML'],
      [lifecycleRule('<Prefix/><Status>On</Status><Expiration><Days>1</Days></Expiration>'), 'MalformedXML'],
      [lifecycleRule('<Prefix/><Status>Enabled</Status><Expiration><Days>0</Days></Expiration>'), 'MalformedXML'],
      [
        lifecycleRule(
          '<Prefix/><Status>Enabled</Status><Expiration><Days>1</Days><Date>2026-01-01T00:00:00.000Z</Date></Expiration>',
        ),
        'MalformedXML',
      ],
      [
        lifecycleRule('<Prefix/><Status>Enabled</Status><Expiration><Date>2026-01-01</Date></Expiration>'),
        'MalformedXML',
      ],
      [
        lifecycleRule(
          '<Prefix/><Status>Enabled</Status><Transition><Days>1</Days><StorageClass>Cold</StorageClass></Transition>',
        ),
        'MalformedXML',
      ],
    ],
  },
  'user defined log fields': {
    query: 'userDefinedLogFieldsConfig',
    body: '<UserDefinedLogFieldsConfiguration><HeaderSet><header>h1</header><header>h2</header></HeaderSet><ParamSet><parameter>p</parameter></ParamSet></UserDefinedLogFieldsConfiguration>',
    absent: 'NoSuchUserDefinedLogFieldsConfig',
    removed: true,
    wrong: [['<Other/>', 'MalformedXML']],
  },
  encryption: {
    query: 'encryption',
    body: '<ServerSideEncryptionRule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>KMS</SSEAlgorithm><KMSMasterKeyID>key-1</KMSMasterKeyID></ApplyServerSideEncryptionByDefault></ServerSideEncryptionRule>',
    absent: 'NoSuchServerSideEncryptionRule',
    removed: true,
    wrong: [
      ['<ServerSideEncryptionRule/>', 'MalformedXML'],
      [
        '<ServerSideEncryptionRule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>DES</SSEAlgorithm></ApplyServerSideEncryptionByDefault></ServerSideEncryptionRule>',
        'InvalidEncryptionAlgorithmError',
      ],
    ],
  },
  tagging: {
    query: 'tagging',
    body: manyTags(20),
    absent: '<Tagging><TagSet/></Tagging>',
    removed: true,
    wrong: [
      [manyTags(21), 'TooManyTags'],
      [manyTags(0), 'MalformedXML'],
      [manyTags(2).replace('k1', 'k0'), 'RepeatedTags'],
      [manyTags(1).replace('k0', 'k'.repeat(65)), 'InvalidTag'],
      [manyTags(1).replace('<Value>v', `<Value>${'v'.repeat(129)}`), 'InvalidTag'],
    ],
  },
  'request payment': {
    query: 'requestPayment',
    body: '<RequestPaymentConfiguration><Payer>Requester</Payer></RequestPaymentConfiguration>',
    absent: '<RequestPaymentConfiguration><Payer>BucketOwner</Payer></RequestPaymentConfiguration>',
    removed: false,
    wrong: [['<RequestPaymentConfiguration><Payer>Me</Payer></RequestPaymentConfiguration>', 'MalformedXML']],
  },
  'transfer acceleration': {
    query: 'transferAcceleration',
    body: '<TransferAccelerationConfiguration><Enabled>true</Enabled></TransferAccelerationConfiguration>',
    absent: 'NoSuchTransferAccelerationConfiguration',
    removed: true,
    wrong: [['<TransferAccelerationConfiguration/>', 'MalformedXML']],
  },
  'access monitor': {
    query: 'accessmonitor',
    body: '<AccessMonitorConfiguration><Status>Enabled</Status></AccessMonitorConfiguration>',
    absent: '<AccessMonitorConfiguration><Status>Disabled</Status></AccessMonitorConfiguration>',
    removed: false,
    wrong: [['<AccessMonitorConfiguration><Status>on</Status></AccessMonitorConfiguration>', 'MalformedXML']],
  },
  'resource group': {
    query: 'resourceGroup',
    body: '<BucketResourceGroupConfiguration><ResourceGroupId>rg-aekz00000000000</ResourceGroupId></BucketResourceGroupConfiguration>',
    absent:
      '<BucketResourceGroupConfiguration><ResourceGroupId>rg-acfmxazb4ph6aiy</ResourceGroupId></BucketResourceGroupConfiguration>',
    removed: false,
    wrong: [
      [
        '<BucketResourceGroupConfiguration><ResourceGroupId>rg-not-exist</ResourceGroupId></BucketResourceGroupConfiguration>',
        'ResourceGroupIdPreCheckError',
      ],
    ],
  },
  https: {
    query: 'httpsConfig',
    body: '<HttpsConfiguration><TLS><Enable>true</Enable><TLSVersion>TLSv1.2</TLSVersion><TLSVersion>TLSv1.3</TLSVersion></TLS><CipherSuite><Enable>false</Enable></CipherSuite></HttpsConfiguration>',
    absent: '<HttpsConfiguration><TLS><Enable>false</Enable></TLS></HttpsConfiguration>',
    removed: false,
    wrong: [['<HttpsConfiguration><TLS><Enable>true</Enable></TLS></HttpsConfiguration>', 'MalformedXML']],
  },
  'public access block': {
    query: 'publicAccessBlock',
    body: '<PublicAccessBlockConfiguration><BlockPublicAccess>true</BlockPublicAccess></PublicAccessBlockConfiguration>',
    absent:
      '<PublicAccessBlockConfiguration><BlockPublicAccess>false</BlockPublicAccess></PublicAccessBlockConfiguration>',
    removed: true,
    wrong: [['<PublicAccessBlockConfiguration/>', 'MalformedXML']],
  },
  'archive direct read': {
    query: 'bucketArchiveDirectRead',
    body: '<ArchiveDirectReadConfiguration><Enabled>true</Enabled></ArchiveDirectReadConfiguration>',
    absent: '<ArchiveDirectReadConfiguration><Enabled>false</Enabled></ArchiveDirectReadConfiguration>',
    removed: false,
    wrong: [['<ArchiveDirectReadConfiguration/>', 'MalformedXML']],
  },
  'overwrite config': {
    query: 'overwriteConfig',
    body: '<OverwriteConfiguration><Rule><ID>1</ID><Action>forbid</Action><Prefix>a</Prefix><Suffix/><Principals><Principal>*</Principal></Principals></Rule></OverwriteConfiguration>',
    absent: 'NoSuchBucketOverwriteConfig',
    removed: true,
    withoutBucket: { status: 400, code: 'MalformedXML', ec: '0015-00000231' },
    wrong: [
      ['<OverwriteConfiguration/>', 'MalformedXML'],
      ['<OverwriteConfiguration><Rule><ID>1</ID></Rule></OverwriteConfiguration>', 'MalformedXML'],
      [overwriteRules('<ID>1</ID>', '<ID>1</ID>'), 'MalformedXML'],
      [overwriteRules('<Prefix>a</Prefix><Prefix>b</Prefix>'), 'MalformedXML'],
      [overwriteRules(`<Suffix>${'s'.repeat(1024)}</Suffix>`), 'MalformedXML'],
      [overwriteRules(...Array.from({ length: 101 }, () => '')), 'MalformedXML'],
    ],
  },
  'object worm': {
    query: 'objectWorm',
    body: '<ObjectWormConfiguration><ObjectWormEnabled>Enabled</ObjectWormEnabled><Rule><DefaultRetention><Mode>COMPLIANCE</Mode><Days>1</Days></DefaultRetention></Rule></ObjectWormConfiguration>',
    absent: 'NoSuchObjectWormConfiguration',
    removed: false,
    withoutBucket: { status: 400, code: 'MalformedXML', ec: '0015-00000231' },
    wrong: [['<ObjectWormConfiguration/>', 'MalformedXML']],
  },
  'storage capacity': {
    query: 'qos',
    body: '<BucketUserQos><StorageCapacity>10</StorageCapacity></BucketUserQos>',
    absent: '<BucketUserQos><StorageCapacity>-1</StorageCapacity></BucketUserQos>',
    removed: false,
    wrong: [
      ['<BucketUserQos><StorageCapacity>-2</StorageCapacity></BucketUserQos>', 'InvalidArgument'],
      ['<BucketUserQos><StorageCapacity>much</StorageCapacity></BucketUserQos>', 'MalformedXML'],
    ],
  },
  inventory: {
    query: 'inventory&inventoryId=i1',
    body: inventory('i1', INVENTORIES),
    absent: 'NoSuchInventory',
    removed: true,
    wrong: [
      [inventory('i2', INVENTORIES), 'InvalidArgument'],
      [inventory('i1', 'no-such-bucket'), 'InvalidArgument'],
      [inventory('i1', INVENTORIES).replace('Daily', 'Hourly'), 'MalformedXML'],
      [inventory('i1', INVENTORIES).replace('acs:oss:::', ''), 'InvalidArgument'],
      [
        inventory('i1', INVENTORIES).replace(
          '<Format>',
          '<Encryption><SSE-KMS><KeyId>k</KeyId></SSE-KMS><SSE-OSS/></Encryption><Format>',
        ),
        'MalformedXML',
      ],
    ],
  },
};
