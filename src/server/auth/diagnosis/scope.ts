/** Method, and what V4 signs in: day, region, product. */
import { scopeOf, scopeText } from '../v4.ts';
import type { Cause } from './suspect.ts';

const METHODS = ['GET', 'HEAD', 'PUT', 'POST', 'DELETE'];

/** Another method than the one that came. */
export const method: Cause = function* ({ req }) {
  for (const other of METHODS) {
    if (other === req.method) continue;
    const sentence = `The client signed ${other}, and ${req.method} came.`;
    yield { cause: 'method', sentence, signing: { req: { ...req, method: other } } };
  }
};

/** A credential that OSS can not read, and all else as it should be. */
export const credential: Cause = function* ({ req, version, scope, settings }) {
  if (version !== 'v4' || scopeOf(`id/${scopeText(scope)}`) !== undefined) return;
  const bare = scope.region.replace(/^oss-/, '');
  const sentence =
    bare === scope.region
      ? `The credential is for "${scope.region}" of "${scope.product}"; a region such as ${settings.region} is to stand there, and oss.`
      : `The region in the credential is ${scope.region}; V4 wants ${bare}.`;
  yield { cause: 'region', sentence, signing: { req, scope } };
};

/** The region or the product that was signed is not the one in the credential. */
export const region: Cause = function* ({ req, version, scope, settings }) {
  if (version !== 'v4') return;
  const [named, bare] = [scope.region, scope.region.replace(/^oss-/, '')];
  for (const other of new Set([bare, `oss-${bare}`, settings.region, `oss-${settings.region}`])) {
    if (other === named) continue;
    const sentence = `The client signed for the region "${other}", and its credential says ${named}.`;
    yield { cause: 'region', sentence, signing: { req, scope: { ...scope, region: other } } };
  }
  for (const other of ['oss', 'oss-cloudbox']) {
    if (other === scope.product) continue;
    const sentence = `The client signed for the product "${other}", and its credential says ${scope.product}.`;
    yield { cause: 'product', sentence, signing: { req, scope: { ...scope, product: other } } };
  }
};

/** The day in the key is that of the client's time zone. */
export const day: Cause = function* ({ req, version, scope }) {
  const [, year, month, date] = /^(\d{4})(\d\d)(\d\d)$/.exec(scope.date) ?? [];
  if (version !== 'v4' || year === undefined) return;
  for (const days of [-1, 1]) {
    const time = new Date(Date.UTC(Number(year), Number(month) - 1, Number(date) + days));
    const other = time.toISOString().slice(0, 10).replaceAll('-', '');
    const sentence = `The client signed for the day ${other}, and its credential says ${scope.date}: days are those of UTC.`;
    yield { cause: 'time-zone', sentence, signing: { req, scope: { ...scope, date: other } } };
  }
};
