import { explain, type Question } from '../../explain.ts';
import { type Route, wrong } from '../route.ts';

const modes = ['get', 'post', 'async'] as const;

function questionFrom(body: unknown): Question {
  if (typeof body !== 'object' || body === null)
    return wrong('the body must be {"process": "image/resize,w_100", "mode": "get", "bucket"?, "key"?}');
  const { process, mode: word = 'get', bucket, key, ...rest } = body as Readonly<Record<string, unknown>>;
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) return wrong(`there is no ${unknown}; known are process, mode, bucket, key`);
  if (typeof process !== 'string' || process === '') return wrong('process must be a process string');
  const mode = modes.find((known) => known === word) ?? wrong(`mode must be one of ${modes.join(', ')}`);
  const names = { bucket, key };
  for (const [name, value] of Object.entries(names))
    if (value !== undefined && typeof value !== 'string') return wrong(`${name} must be a text`);
  if (key !== undefined && bucket === undefined) return wrong('key needs a bucket');
  return {
    process,
    mode,
    ...(typeof bucket === 'string' ? { bucket } : {}),
    ...(typeof key === 'string' ? { key } : {}),
  };
}

const route: Route = {
  method: 'POST',
  path: 'explain',
  doc: '`{"process", "mode": "get"|"post"|"async", "bucket"?, "key"?}`: the parsed plan, stage by stage, or the `error` that the service would give. With bucket and key of a picture also its size and that after each stage, from its header alone. Runs nothing, writes nothing.',
  run: async (req, oss) => ({ status: 200, json: await explain(questionFrom(await req.json()), oss) }),
};

export default route;
