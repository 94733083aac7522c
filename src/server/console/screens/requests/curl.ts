/** A request as a command that sends it again. */
import type { EntryWithHeaders } from '../../api/types.ts';

/** Set by curl itself, or only of that one connection. */
const LEFT_OUT = [
  'host',
  'connection',
  'content-length',
  'transfer-encoding',
  'expect',
  'accept-encoding',
  'keep-alive',
];

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** Whether it had a body, which the journal does not keep. */
export const hadBody = ({ bytesIn }: Pick<EntryWithHeaders, 'bytesIn'>): boolean => (bytesIn ?? 0) > 0;

/**
 * To this server, whatever host the request was for: that is sent as a header.
 * @param origin of the server
 */
export function curlOf(entry: EntryWithHeaders, origin: string): string {
  const { method, path, host, requestHeaders } = entry;
  const headers = requestHeaders.filter(([name]) => !LEFT_OUT.includes(name.toLowerCase()));
  if (host !== new URL(origin).host) headers.unshift(['Host', host]);
  const parts = [
    `curl -sS${method === 'HEAD' ? ' -I' : ' -i'}${method === 'GET' || method === 'HEAD' ? '' : ` -X ${method}`} --path-as-is`,
    // With nothing after its colon curl sends a header no more.
    ...headers.map(([name, value]) => `-H ${quoted(value === '' ? `${name};` : `${name}: ${value}`)}`),
    ...(hadBody(entry) ? ['--data-binary @body'] : []),
    quoted(origin + path),
  ];
  return parts.join(' \\\n  ');
}
