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

export const selects: ReadonlySet<string> = new Set(selecting.split(' '));

const signedInV1: ReadonlySet<string> = new Set([...selecting.split(' '), ...signing.split(' ')]);

/** Not in the V1 list though they select an action (rest-core.md §4.1). */
const neverSigned: ReadonlySet<string> = new Set(['regions', 'accessmonitor']);

/** Whether a query key takes part in the V1 signature; the v2 SDKs sign every `x-oss-*` key. */
export const isSignedInV1 = (name: string): boolean =>
  (signedInV1.has(name) || name.startsWith('x-oss-')) && !neverSigned.has(name);
