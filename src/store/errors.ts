/**
 * The errors OSS answers with. Throwing sites name a code and facts; status and message come from this table
 * (spec: rest-core.md §2.4, image.md §16, documents-styles-tasks.md §3.5).
 */
export interface Entry {
  readonly status: number;
  readonly message: string;
  /** The EC that always goes with this code. Where a code has several, the throwing site gives it. */
  readonly ec?: string;
  /** The element with the name that the error is about (§2.2). The throwing site gives it, which knows the name. */
  readonly names?: 'BucketName' | 'Key';
}

const entry = (status: number, message: string, ec?: string, names?: Entry['names']): Entry => ({
  status,
  message,
  ...(ec === undefined ? {} : { ec }),
  ...(names === undefined ? {} : { names }),
});

/** What nothing here fails for, but a real bucket may: fault rules can name it. */
const elsewhere = {
  InvalidEncryptionRequest: entry(400, 'Miss some necessary client encryption meta parameters.'),
  InvalidTaggingKey: entry(400, 'The tagging key you provided is invalid.'),
  FilePartNotExist: entry(400, 'The Part you read had been deleted.'),
  // The message is assumed.
  ObjectAlreadyExists: entry(400, 'The object you specified already exists.'),
  RequestTimeout: entry(
    400,
    'Your socket connection to the server was not read from or written to within the timeout period. Idle connections will be closed.',
  ),
  TooManyBuckets: entry(400, 'You have attempted to create more buckets than allowed.'),
  BucketDisable: entry(403, 'BucketDisable'),
  BucketNotBelongTo: entry(403, 'The bucket you access does not belong to you.'),
  InDebt: entry(403, 'Current user is indebted.'),
  KmsServiceNotEnabled: entry(403, 'This user does not turn on KMS service.'),
  // The message is assumed.
  NeedVerifyDomainOwnership: entry(403, 'You need to verify the ownership of the domain.'),
  SecondLevelDomainForbidden: entry(
    403,
    'The bucket you are attempting to access must be addressed using OSS third level domain.',
  ),
  UserDisable: entry(403, 'UserDisable', '0003-00000801', 'BucketName'),
  // The message is assumed.
  NoSuchAccessPoint: entry(404, 'The specified access point does not exist.'),
  NoSuchLiveChannel: entry(404, 'The specified live channel does not exist.'),
  FileImmutable: entry(409, 'The object you specified is immutable.'),
  // The message is assumed.
  MirrorTimeout: entry(424, 'Mirroring timed out, please check your mirror configuration.'),
  DownloadTrafficRateLimitExceeded: entry(503, 'Please reduce your request rate.'),
  ServiceUnavailable: entry(503, 'Please reduce your request rate.'),
  UploadTrafficRateLimitExceeded: entry(503, 'Please reduce your request rate.'),
} as const satisfies Record<string, Entry>;

export const catalogue = {
  // 203: SDKs take it for an error; the object stays
  CallbackFailed: entry(203, 'Error status : -1.', '0007-00000203'),
  // 400
  BadRequest: entry(400, 'The request is not valid.'),
  CORSRuleBeyondLimit: entry(400, 'The CORS Rules num is beyond limit.'),
  CutEdgeExceedRange: entry(400, "Advance cut's position is out of image."),
  EntityTooSmall: entry(400, 'Your proposed upload smaller than the minimum allowed size.'),
  EntityTooLarge: entry(400, 'Your proposed upload exceeds the maximum allowed size.'),
  FieldItemTooLong: entry(400, 'Your name of form field is too long.'),
  ImageTooLarge: entry(400, 'The image is too large to be processed.'),
  'Imm Client': entry(400, 'InvalidArgument, the request is not valid.', '0056-00000001'),
  IncompleteBody: entry(400, 'You did not provide the number of bytes specified by the Content-Length HTTP header.'),
  IncorrectNumberOfFilesInPOSTRequest: entry(400, 'POST requires exactly one file upload per request.'),
  InvalidArgument: entry(400, 'Invalid Argument.'),
  InvalidBucketName: entry(400, 'The specified bucket is not valid.'),
  InvalidEncryptionAlgorithmError: entry(
    400,
    'The Encryption request you specified is not valid. Supported value: AES256/SM4/KMS.',
  ),
  InvalidCRC64: entry(400, 'The x-oss-hash-crc64ecma you specified does not match what we calculated.'),
  InvalidDigest: entry(400, 'The Content-MD5 you specified was invalid.', '0017-00000503'),
  InvalidLocationConstraint: entry(400, 'The specified location-constraint is not valid'),
  InvalidObjectName: entry(400, 'The specified object is not valid.'),
  InvalidPart: entry(
    400,
    "One or more of the specified parts could not be found or the specified entity tag might not have matched the part's entity tag.",
  ),
  InvalidPartOrder: entry(
    400,
    'The list of parts was not in ascending order. Parts list must specified in order by part number.',
    '0042-00000209',
  ),
  // The message is assumed.
  AccessMonitorDisableNotAllowed: entry(
    400,
    'Access tracking can not be disabled while lifecycle rules go by the last access time.',
    '0036-00000005',
  ),
  InvalidTag: entry(400, 'The TagKey you have provided is invalid'),
  InvalidTargetType: entry(400, "The symbolic's target file type is invalid", '0026-00000011'),
  InvalidPolicyDocument: entry(400, 'Invalid Policy: the document is not valid.'),
  InvalidRequest: entry(400, 'Invalid Request.'),
  InvalidTargetBucketForLogging: entry(400, 'put bucket log requester is not target bucket owner.'),
  MalformedPOSTRequest: entry(400, 'The body of your POST request is not well-formed multipart/form-data.'),
  MalformedXML: entry(
    400,
    'The XML you provided was not well-formed or did not validate against our published schema.',
  ),
  MaxPOSTPreDataLengthExceededError: entry(400, 'Your POST request fields preceding the upload file were too large.'),
  MemLimitExceeded: entry(400, 'The image needs more memory than is allowed.'),
  MissingArgument: entry(400, 'Missing Some Required Arguments.'),
  ResourceGroupIdPreCheckError: entry(400, 'The resource group id precheck error', '0039-00000003'),
  RepeatedTags: entry(400, 'Tag keys must be unique.'),
  TooManyTags: entry(400, 'The bucket tags num is beyond limit.'),
  UserKeyMustBeSpecified: entry(400, 'User key must be specified.'),
  NotImplemented: entry(400, 'A header you provided implies functionality that is not implemented.'),
  RequestIsNotMultiPartContent: entry(400, 'Bucket POST must be of the enclosure-type multipart/form-data.'),
  // OSS's page gives the code and the EC; the message is assumed.
  MultiRangeFailed: entry(400, 'The number of ranges exceeds the limit.', '0016-00000110'),
  // OSS's page gives the code alone; the message is assumed.
  PartNotSequential: entry(400, 'The parts of a sequential upload must be sent in ascending order, without gaps.'),
  NotSymlink: entry(400, 'The object is not symlink.'),
  OperationNotSupported: entry(400, 'The operation is not supported for this resource.'),
  WatermarkError: entry(400, 'The watermark object does not exist or can not be used.'),
  BadWebPImage: entry(400, 'The webp image file may be damaged.', '0040-00000010'),
  // 403
  AccessForbidden: entry(
    403,
    // The typing errors are the service's.
    "CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, request method / Access-Control-Request-Method or Access-Control-Requet-Headers are not whitelisted by the resource's CORS spec.",
  ),
  AccessDenied: entry(403, 'You have no right to access this object because of bucket acl.', '0003-00000001'),
  AccessKeyIdAndSecurityTokenNotMatch: entry(
    403,
    'The OSS access key id and security token you provided does not match.',
  ),
  InvalidAccessKeyId: entry(403, 'The OSS Access Key Id you provided does not exist in our records.', '0002-00000902'),
  InvalidSecurityToken: entry(403, 'The security token you provided is invalid.'),
  InvalidObjectState: entry(403, "The operation is not valid for the object's state."),
  RequestTimeTooSkewed: entry(
    403,
    'The difference between the request time and the current time is too large.',
    '0002-00000504',
  ),
  SecurityTokenExpired: entry(403, 'The security token you provided has expired.'),
  SignatureDoesNotMatch: entry(
    403,
    'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
  ),
  // 404
  NoSuchBucket: entry(404, 'The specified bucket does not exist.', '0015-00000101', 'BucketName'),
  NoSuchKey: entry(404, 'The specified key does not exist.', '0026-00000001', 'Key'),
  NoSuchUpload: entry(
    404,
    'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
    '0017-00000244',
  ),
  NoSuchVersion: entry(404, 'The specified version does not exist.'),
  NoSuchBucketPolicy: entry(404, 'The specified bucket policy does not exist.'),
  // Code and message are assumed.
  NoSuchBucketOverwriteConfig: entry(404, 'The bucket overwrite configuration does not exist.'),
  NoSuchCORSConfiguration: entry(404, 'The CORS Configuration does not exist.'),
  NoSuchInventory: entry(404, 'No Row found in Inventory Table.'),
  NoSuchLifecycle: entry(404, 'No Row found in Lifecycle Table.'),
  // Code and message are assumed.
  NoSuchObjectWormConfiguration: entry(404, 'The object worm configuration does not exist.'),
  NoSuchRegion: entry(404, 'NoSuchRegion'),
  NoSuchReplicationConfiguration: entry(404, 'The bucket you specified does not have replication configuration.'),
  NoSuchReplicationRule: entry(404, 'The BucketReplicationRule you specified does not exist.'),
  NoSuchServerSideEncryptionRule: entry(404, 'The server side encryption configuration was not found.'),
  NoSuchTransferAccelerationConfiguration: entry(
    404,
    'The bucket you specified does not have transfer acceleration configuration.',
  ),
  NoSuchUserDefinedLogFieldsConfig: entry(404, 'The user defined log fields configuration does not exist.'),
  NoSuchWebsiteConfiguration: entry(404, 'The specified bucket does not have a website configuration.'),
  NoSuchWORMConfiguration: entry(404, 'The WORM Configuration does not exist.'),
  SymlinkTargetNotExist: entry(404, 'The symlink target object does not exist'),
  NoSuchStyle: entry(404, 'The style you get is not found.'),
  // 405 to 416
  MethodNotAllowed: entry(405, 'The specified method is not allowed against this resource.', '0003-00000016'),
  // The message is assumed.
  AppendSealedObjectNotAllowed: entry(409, 'The object is sealed and can not be appended to.'),
  ArchiveRestoreFileStale: entry(409, 'The archive file or restore info stale', '0016-00000718'),
  ArchiveRestoreNotFinished: entry(409, "The archive file's restore is not finished.", '0016-00000719'),
  BucketAlreadyExists: entry(
    409,
    'The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.',
    '0015-00000104',
    'BucketName',
  ),
  BucketNotEmpty: entry(409, 'The bucket has objects. Please delete them first.', '0015-00000301', 'BucketName'),
  FileAlreadyExists: entry(409, 'The object you specified already exists and can not be overwritten.'),
  InvalidWORMConfiguration: entry(400, 'Invalid WORM Configuration.'),
  WORMConfigurationLocked: entry(403, 'The WORM Configuration is locked.'),
  WORMConfigurationAlreadyExists: entry(409, 'The WORM Configuration already exists.'),
  ObjectNotAppendable: entry(409, 'The object is not appendable'),
  PositionNotEqualToLength: entry(409, 'Position is not equal to file length', '0026-00000016'),
  RestoreAlreadyInProgress: entry(409, 'The restore operation is in progress.', '0016-00000701'),
  MissingContentLength: entry(411, 'You must provide the Content-Length HTTP header.'),
  PreconditionFailed: entry(412, 'At least one of the pre-conditions you specified did not hold.'),
  InvalidRange: entry(416, 'The requested range cannot be satisfied'),
  MirrorFailed: entry(424, 'Mirroring failed, please check your mirror configuration.'),
  // 5xx: never because of what a client sent
  InternalError: entry(500, 'Please contact the server administrator, oss@service.aliyun.com.'),
  CpuLimitExceeded: entry(503, 'Please reduce your request rate.', '0004-00000801'),
  ...elsewhere,
} as const satisfies Record<string, Entry>;

export type ErrorCode = keyof typeof catalogue;

/** What a throwing site may add to a code. */
export interface ErrorFacts {
  /** Replaces the table's message. */
  readonly message?: string;
  /** EC of this very case; `null` removes the table's. */
  readonly ec?: string | null;
  /** Replaces the table's status (IMM passes its own through). */
  readonly status?: number;
  /** Extra XML elements, such as `BucketName` (rest-core.md §2.2). */
  readonly elements?: Readonly<Record<string, string>>;
  /** Extra response headers, such as `x-oss-next-append-position`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** What went wrong underneath: for the log, never for the client. */
  readonly cause?: unknown;
}

/** An answer to the client: code, status, message, EC and extra elements as OSS sends them. */
export class OssError extends Error {
  override readonly name = 'OssError';
  readonly code: ErrorCode;
  readonly status: number;
  readonly ec: string | undefined;
  readonly elements: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: ErrorCode, facts: ErrorFacts = {}) {
    const row: Entry = catalogue[code];
    super(facts.message ?? row.message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.code = code;
    this.status = facts.status ?? row.status;
    this.ec = facts.ec === null ? undefined : (facts.ec ?? row.ec);
    this.elements = facts.elements ?? {};
    this.headers = facts.headers ?? {};
  }
}

/** Throws the OSS error `code`. */
export function fail(code: ErrorCode, facts?: ErrorFacts): never {
  throw new OssError(code, facts);
}
