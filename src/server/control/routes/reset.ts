import type { ResetOptions } from '../../../store/reset.ts';
import { BadSetting } from '../../config.ts';
import { ControlError, type Route, wrong } from '../route.ts';

const route: Route = {
  method: 'POST',
  path: 'reset',
  doc: 'Back to the state just after the start: buckets, tasks, messages, journal, faults, clock; then the buckets of the settings are filled again. `{"buckets": ["a"]}`: only these, with their tasks. `{"keep": "seed"}`: what the settings filled and nobody changed stays where it is.',
  async run(req, oss) {
    const options = optionsFrom(await req.json({}));
    await oss.reset(options).catch((error: unknown) => {
      // The seed directory may have changed since the start.
      throw error instanceof BadSetting ? new ControlError(409, 'SeedFailed', error.message) : error;
    });
    return { status: 200, json: { reset: true } };
  },
};

function optionsFrom(body: unknown): ResetOptions {
  const form = 'the body must be {}, or an object with buckets: ["name", …] and keep: "seed"';
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return wrong(form);
  const { buckets, keep, ...rest } = body as { readonly buckets?: unknown; readonly keep?: unknown };
  const isNames = Array.isArray(buckets) && buckets.every((name) => typeof name === 'string');
  const isRight = (buckets === undefined || isNames) && (keep === undefined || keep === 'seed');
  if (!isRight || Object.keys(rest).length > 0) return wrong(form);
  return { ...(isNames ? { buckets: buckets as readonly string[] } : {}), keep: keep === 'seed' };
}

export default route;
