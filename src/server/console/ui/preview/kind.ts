/** How a content is shown, by its type. */

export type Kind = 'picture' | 'made-picture' | 'video' | 'audio' | 'document' | 'html' | 'json' | 'text' | 'bytes';

/** What browsers show without help, and what the server turns into something that they do. */
const kinds: readonly (readonly [type: RegExp, kind: Kind])[] = [
  [/^image\/(heic|heif|tiff|bmp|x-ms-bmp|x-bmp)/, 'made-picture'],
  [/^image\//, 'picture'],
  [/mpegurl/, 'text'],
  [/^video\//, 'video'],
  [/^audio\//, 'audio'],
  [/^application\/pdf$/, 'document'],
  [/^application\/(msword|vnd\.ms-(excel|powerpoint)|vnd\.openxmlformats-officedocument)/, 'document'],
  [/^(text\/html|application\/xhtml)/, 'html'],
  [/json$/, 'json'],
  [/^text\/|xml$|javascript|yaml|toml|x-sh$|sql$|x-subrip/, 'text'],
];

/** For what was uploaded without a type. */
const byExtension: Readonly<Record<string, string>> = {
  ...{ jpg: 'image/jpeg', jpeg: 'image/jpeg', png: 'image/png', gif: 'image/gif', webp: 'image/webp' },
  ...{ avif: 'image/avif', svg: 'image/svg+xml', heic: 'image/heic', heif: 'image/heif', tif: 'image/tiff' },
  ...{ tiff: 'image/tiff', bmp: 'image/bmp' },
  ...{ mp4: 'video/mp4', webm: 'video/webm', mov: 'video/quicktime', mkv: 'video/x-matroska', flv: 'video/x-flv' },
  ...{ avi: 'video/x-msvideo', ts: 'video/mp2t', wmv: 'video/x-ms-wmv', m3u8: 'application/vnd.apple.mpegurl' },
  ...{ mp3: 'audio/mpeg', aac: 'audio/aac', m4a: 'audio/mp4', flac: 'audio/flac', wav: 'audio/wav', ogg: 'audio/ogg' },
  ...{ oga: 'audio/ogg', opus: 'audio/ogg', amr: 'audio/amr' },
  ...{ pdf: 'application/pdf', doc: 'application/msword', xls: 'application/vnd.ms-excel' },
  ...{ ppt: 'application/vnd.ms-powerpoint', docx: 'application/vnd.openxmlformats-officedocument' },
  ...{ xlsx: 'application/vnd.openxmlformats-officedocument', pptx: 'application/vnd.openxmlformats-officedocument' },
  ...{ html: 'text/html', htm: 'text/html', json: 'application/json', txt: 'text/plain', md: 'text/markdown' },
  ...{ csv: 'text/csv', xml: 'text/xml', yaml: 'text/yaml', yml: 'text/yaml', log: 'text/plain', srt: 'text/plain' },
  ...{ js: 'text/javascript', css: 'text/css' },
};

/** What follows the last dot of the name, in lower case. */
export const extensionOf = (key: string): string => /\.([^./]+)$/.exec(key)?.[1]?.toLowerCase() ?? '';

/** The type that counts: what the object says, else what its name says. Without parameters. */
export function typeOf(contentType: string, key: string): string {
  const said = contentType.split(';')[0]?.trim().toLowerCase() ?? '';
  const isVague = said === '' || /octet-stream$/.test(said);
  const extension = extensionOf(key);
  return isVague && Object.hasOwn(byExtension, extension) ? (byExtension[extension] ?? said) : said;
}

/** @param type as of `typeOf` */
export const kindOf = (type: string): Kind => kinds.find(([pattern]) => pattern.test(type))?.[1] ?? 'bytes';

/** The formats that doc/snapshot reads, as it names them. */
const documentTypes: Readonly<Record<string, string>> = {
  'application/pdf': 'pdf',
  'application/msword': 'doc',
  'application/vnd.ms-excel': 'xls',
  'application/vnd.ms-powerpoint': 'ppt',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'docx',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'xlsx',
  'application/vnd.openxmlformats-officedocument.presentationml.presentation': 'pptx',
};

/** What doc/snapshot must be told where the name of the object says nothing. */
export function documentSource(type: string, key: string): string | undefined {
  const sources = Object.values(documentTypes);
  return sources.includes(extensionOf(key)) ? undefined : documentTypes[type];
}
