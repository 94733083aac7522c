/**
 * The errors OSS answers with. Throwing sites name a code and facts; status and message come from this table
 * (spec: rest-core.md §2.4, image.md §16, documents-styles-tasks.md §3.5).
 */
interface Entry {
  readonly status: number;
  readonly message: string;
  /** The EC that always goes with this code. Where a code has several, the throwing site gives it. */
  readonly ec?: string;
}

const entry = (status: number, message: string, ec?: string): Entry =>
  ec === undefined ? { status, message } : { status, message, ec };

export const catalogue = {
  // 400
  BadRequest: entry(400, 'The request is not valid.'),
  CutEdgeExceedRange: entry(400, "Advance cut's position is out of image."),
  EntityTooLarge: entry(400, 'Your proposed upload exceeds the maximum allowed size.'),
  ImageTooLarge: entry(400, 'The image is too large to be processed.'),
  'Imm Client': entry(400, 'InvalidArgument, the request is not valid.', '0056-00000001'),
  IncompleteBody: entry(400, 'You did not provide the number of bytes specified by the Content-Length HTTP header.'),
  InvalidArgument: entry(400, 'Invalid Argument.'),
  InvalidBucketName: entry(400, 'The specified bucket is not valid.'),
  InvalidCRC64: entry(400, 'The x-oss-hash-crc64ecma you specified does not match what we calculated.'),
  InvalidDigest: entry(400, 'The Content-MD5 you specified was invalid.'),
  InvalidLocationConstraint: entry(400, 'The specified location-constraint is not valid'),
  InvalidObjectName: entry(400, 'The specified object is not valid.'),
  InvalidRequest: entry(400, 'Invalid Request.'),
  MalformedXML: entry(
    400,
    'The XML you provided was not well-formed or did not validate against our published schema.',
  ),
  MemLimitExceeded: entry(400, 'The image needs more memory than is allowed.'),
  MissingArgument: entry(400, 'Missing Some Required Arguments.'),
  NotImplemented: entry(400, 'A header you provided implies functionality that is not implemented.'),
  WatermarkError: entry(400, 'The watermark object does not exist or can not be used.'),
  BadWebPImage: entry(400, 'The webp image file may be damaged.', '0040-00000010'),
  // 403
  AccessDenied: entry(403, 'You have no right to access this object because of bucket acl.', '0003-00000001'),
  InvalidAccessKeyId: entry(403, 'The OSS Access Key Id you provided does not exist in our records.', '0002-00000902'),
  RequestTimeTooSkewed: entry(
    403,
    'The difference between the request time and the current time is too large.',
    '0002-00000504',
  ),
  SignatureDoesNotMatch: entry(
    403,
    'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
  ),
  // 404
  NoSuchBucket: entry(404, 'The specified bucket does not exist.', '0015-00000101'),
  NoSuchKey: entry(404, 'The specified key does not exist.', '0026-00000001'),
  NoSuchStyle: entry(404, 'The style you get is not found.'),
  // 405 to 416
  MethodNotAllowed: entry(405, 'The specified method is not allowed against this resource.', '0003-00000016'),
  BucketAlreadyExists: entry(
    409,
    'The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.',
    '0015-00000104',
  ),
  BucketNotEmpty: entry(409, 'The bucket has objects. Please delete them first.', '0015-00000301'),
  FileAlreadyExists: entry(409, 'The object you specified already exists and can not be overwritten.'),
  MissingContentLength: entry(411, 'You must provide the Content-Length HTTP header.'),
  PreconditionFailed: entry(412, 'At least one of the pre-conditions you specified did not hold.'),
  InvalidRange: entry(416, 'The requested range cannot be satisfied'),
  // 5xx: never because of what a client sent
  InternalError: entry(500, 'Please contact the server administrator, oss@service.aliyun.com.'),
  CpuLimitExceeded: entry(503, 'Please reduce your request rate.', '0004-00000801'),
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
