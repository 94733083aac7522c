/** Plain text and HTML in whatever encoding they come, as text. */

/**
 * Decodes text: by its byte order mark, else UTF-8, else GB 18030, which every older Chinese encoding is part of.
 * @returns `undefined` when the bytes are no text
 */
export function decodeText(bytes: Buffer): string | undefined {
  for (const encoding of encodingsOf(bytes)) {
    const text = decoded(bytes, encoding);
    if (text !== undefined) return text;
  }
  return undefined;
}

/** Decodes an HTML page, by the encoding it declares if need be, and makes it declare UTF-8. */
export function decodeHtml(bytes: Buffer): string | undefined {
  const declared = /<meta[^>]+charset\s*=\s*["']?([\w-]+)/i.exec(bytes.subarray(0, 4096).toString('latin1'))?.[1];
  const text = (declared === undefined ? undefined : decoded(bytes, declared)) ?? decodeText(bytes);
  if (text === undefined || !/<\s*[a-z!]/i.test(text)) return undefined;
  const bare = text.replace(/<meta[^>]+charset[^>]*>/gi, '');
  const meta = '<meta http-equiv="content-type" content="text/html; charset=utf-8">';
  return /<head[^>]*>/i.test(bare) ? bare.replace(/<head[^>]*>/i, (head) => head + meta) : meta + bare;
}

function encodingsOf(bytes: Buffer): readonly string[] {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return ['utf-16le'];
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return ['utf-16be'];
  return ['utf-8', 'gb18030'];
}

function decoded(bytes: Buffer, encoding: string): string | undefined {
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
    return text.includes('\0') ? undefined : text;
  } catch {
    return undefined;
  }
}
