/** A real browser: Debian's Chromium, which scripts/setup.sh brings for tests. */
import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, expect } from 'vitest';

/** Nothing but the pages that a test opens is asked for: no updates, no background services. */
const ARGS = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'],
  ...['--disable-background-networking', '--disable-component-update', '--autoplay-policy=no-user-gesture-required'],
];

/** Starts one for a file's tests. */
export async function launch(): Promise<Browser> {
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ARGS });
  afterAll(() => browser.close());
  return browser;
}

/** A page of the console, and what went wrong in it. */
export interface Visit {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Errors of scripts, and what the page's policy refused: there must be none. */
  readonly errors: readonly string[];
  /** Addresses of everything that was asked for. */
  readonly asked: readonly string[];
}

/** Opens an address. @param path behind `/_ossite/`, such as `#/requests` */
export async function visit(
  browser: Browser,
  endpoint: string,
  path = '',
  options: BrowserContextOptions = {},
): Promise<Visit> {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    permissions: ['clipboard-read', 'clipboard-write'],
    // A reader who wants no motion: nothing has to be waited for.
    reducedMotion: 'reduce',
    ...options,
  });
  const page = await context.newPage();
  const errors: string[] = [];
  const asked: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    // Refusals of the server are part of what is tested; those of the policy are mistakes of the page.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      errors.push(message.text());
  });
  page.on('request', (request) => asked.push(request.url()));
  await page.goto(`${endpoint}/_ossite/${path}`);
  return { page, context, errors, asked };
}

/**
 * What axe finds against WCAG A and AA, as one reads it.
 * @param rules only these, where all the others have been looked at
 */
export async function violations(page: Page, rules?: string[]): Promise<readonly string[]> {
  const axe = new AxeBuilder({ page });
  const asked =
    rules === undefined ? axe.withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']) : axe.withRules(rules);
  const { violations: found } = await asked.analyze();
  return found.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} ${target.join(' ')} ${failureSummary}`),
  );
}

/** Waits until something can be read from the server. */
export const until = <T>(read: () => Promise<T>, right: (value: T) => boolean, timeout = 30_000): Promise<T> =>
  expect.poll(read, { timeout, interval: 50 }).toSatisfy(right).then(read);
