/**
 * What is done against pages that mean harm. In path style all that anybody uploads has the origin of the console and of the
 * control API: scripts in it must not drive them, nor may those of other sites. Programs that are no browsers see nothing of it.
 */
import { fail } from '../store/errors.ts';
import { ControlError } from './control/route.ts';
import type { OssRequest } from './request.ts';

type Header = OssRequest['header'];

/**
 * Headers that browsers alone send, and no script can set. Not Sec-Fetch-Mode, which browsers send with these and Node's own
 * `fetch` sends without: programs are no pages.
 */
const OF_BROWSERS = ['origin', 'sec-fetch-site', 'sec-fetch-dest'];

const isFromPage = (header: Header): boolean => OF_BROWSERS.some((name) => header(name) !== undefined);

/** The header by which the console's own calls are known: a page of another origin can not send it without asking first. */
const MARK = 'x-ossite-control';

/**
 * Refuses calls of the control API that change something and come from a page that is not the console.
 * @param host as it was addressed
 * @throws ControlError ForbiddenOrigin, ControlHeaderMissing
 */
export function enforceOwnPage(method: string | undefined, header: Header, host: string): void {
  if (method === 'GET' || method === 'HEAD' || !isFromPage(header)) return;
  const [origin, site] = [header('origin'), header('sec-fetch-site')];
  // A proxy may speak TLS for us: that the origin is the same is then the browser's own word.
  const schemes = site === 'same-origin' ? ['http', 'https'] : ['http'];
  const own = schemes.map((scheme) => `${scheme}://${host.toLowerCase()}`);
  const foreign = origin !== undefined && !own.includes(origin.toLowerCase());
  if (foreign || (site !== undefined && site !== 'same-origin'))
    throw new ControlError(
      403,
      'ForbiddenOrigin',
      `pages of ${foreign ? origin : 'another origin'} may not change anything under /_ossite/ of ${host}`,
    );
  if (header(MARK) !== '1')
    throw new ControlError(
      403,
      'ControlHeaderMissing',
      `calls from a page that change something need the header ${MARK}: 1`,
    );
}

/** Scripts run, with an origin of their own: they reach neither the console nor the control API. */
const SANDBOX = 'sandbox allow-scripts allow-forms allow-popups allow-modals allow-downloads';

/**
 * The policy under which a browser is to show an answer of the service's own host, where it may be a page, a frame or a worker.
 * Not by its Sec-Fetch-Dest: a picture that was fetched before may be shown as a page from the browser's cache, and over plain
 * HTTP browsers name no destination but to this very machine. On what is no document a policy has no effect.
 * @param type Content-Type of the answer @param policy that it has already
 * @returns `undefined` where there is nothing to add
 */
export function sandboxed(header: Header, type: string, policy: string): string | undefined {
  const shows = isFromPage(header) || namesHtml(header) || /^Mozilla\//.test(header('user-agent') ?? '');
  // Chrome shows no PDF in a sandbox; a PDF's own scripts do not reach the page.
  if (!shows || type === 'application/pdf') return undefined;
  return policy === '' ? SANDBOX : `${policy}, ${SANDBOX}`;
}

const namesHtml = (header: Header): boolean => /\btext\/html\b/i.test(header('accept') ?? '');

/**
 * Refuses the script of a service worker: it would answer in the place of the server, for all below its folder.
 * @throws AccessDenied
 */
export function refuseServiceWorker(header: Header): void {
  if (header('service-worker') === undefined && header('sec-fetch-dest') !== 'serviceworker') return;
  fail('AccessDenied', {
    message: 'A service worker can not be registered on the host of the service.',
    ec: null,
    elements: { Detail: 'Under the host of a bucket, such as bucket.localhost, it can.' },
  });
}
