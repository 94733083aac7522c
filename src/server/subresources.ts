/**
 * Query keys with a meaning of their own: the one list of them. `selects` picks the REST action; `signed` only takes
 * part in the V1 signature (rest-core.md §1.0, §4.1).
 */
const selecting =
  'accessPoint accessPointConfigForObjectProcess accessPointForObjectProcess accessPointPolicy accessPointPolicyForObjectProcess ' +
  'accessmonitor acl append asyncFetch bucketArchiveDirectRead bucketInfo cleanRestoredObject cloudboxes cname cors dataPipeline ' +
  'delete encryption httpsConfig img inventory legalHold lifecycle live location logging metaQuery objectMeta objectWorm ' +
  'overwriteConfig partNumber policy policyStatus processConfiguration publicAccessBlock qos qosInfo redundancyTransition referer regions ' +
  'replication replicationLocation replicationProgress requestPayment requesterQosInfo resourceGroup resourcePool resourcePoolBuckets ' +
  'resourcePoolInfo restore retention rtc seal stat status style symlink tagging transferAcceleration uploadId uploads ' +
  'userDefinedLogFieldsConfig versionId versioning versions vod website worm wormExtend wormId ' +
  'x-oss-async-process x-oss-process x-oss-rename x-oss-write-get-object-response';

const signing =
  'callback callback-var comp continuation-token endTime group inventoryId link objectInfo position qosRequester regionList ' +
  'response-cache-control response-content-disposition response-content-encoding response-content-language ' +
  'response-content-type response-expires responseHeader security-token sequential startTime styleName udf udfApplication ' +
  'udfApplicationLog udfId udfImage udfImageDesc udfName vip vpcip withHashContext';

/** Beginning with `x-oss-`, in the lists of SDKs that sign no others (rest-core.md §4.1). */
const signedOfOss =
  'x-oss-ac-forward-allow x-oss-ac-source-ip x-oss-ac-subnet-mask x-oss-ac-vpc-id x-oss-access-point-name x-oss-delete x-oss-dir ' +
  'x-oss-enable-md5 x-oss-enable-sha1 x-oss-enable-sha256 x-oss-hash-ctx x-oss-md5-ctx x-oss-redundancy-transition-taskid ' +
  'x-oss-request-payer x-oss-security-token x-oss-sign-origin-only x-oss-target-redundancy-type x-oss-traffic-limit';

export const selects: ReadonlySet<string> = new Set(selecting.split(' '));

const signedInV1: ReadonlySet<string> = new Set([selecting, signing, signedOfOss].flatMap((names) => names.split(' ')));

/** Not in the V1 list though they select an action (rest-core.md §4.1). */
const neverSigned: ReadonlySet<string> = new Set(['regions', 'accessmonitor']);

/** Whether a query key is in the list of those that take part in the V1 signature. */
export const isListedInV1 = (name: string): boolean => signedInV1.has(name) && !neverSigned.has(name);

/** Whether a query key takes part in the V1 signature; the v2 SDKs sign every `x-oss-*` key. */
export const isSignedInV1 = (name: string): boolean => isListedInV1(name) || name.startsWith('x-oss-');
