/** What to do where nothing is yet. */
import { presigned } from '../../api/oss.ts';
import { Code, Failed } from '../../ui/basics.tsx';
import { useLoaded } from '../../ui/use.ts';
import { LASTS, useSigned } from './load.ts';
import { w } from './words.ts';

const BUCKET = 'my-bucket';
const KEY = 'photo.jpg';
const PROCESS = 'image/resize,w_300/rotate,90';

const plain = {
  bucket: `${location.origin}/${BUCKET}`,
  upload: `${location.origin}/${BUCKET}/${KEY}`,
  process: `${location.origin}/${BUCKET}/${KEY}?x-oss-process=${PROCESS}`,
};

async function signed(): Promise<typeof plain> {
  const [bucket, upload, process] = await Promise.all([
    presigned({ method: 'PUT', bucket: BUCKET }, LASTS),
    presigned({ method: 'PUT', bucket: BUCKET, key: KEY }, LASTS),
    presigned({ bucket: BUCKET, key: KEY, query: { 'x-oss-process': PROCESS } }, LASTS),
  ]);
  return { bucket, upload, process };
}

/** Readable where anybody may ask. */
function useUrls() {
  const isSigned = useSigned();
  const urls = useLoaded(async () => (isSigned ? signed() : plain), [isSigned]);
  return { ...urls, value: urls.value ?? plain };
}

const quoted = (url: string): string => (/[?&]/.test(url) ? `'${url}'` : url);

/** For a shell, against this very server. */
const commands = (urls: typeof plain) => ({
  bucket: `curl -X PUT ${quoted(urls.bucket)}`,
  upload: `curl -T photo.jpg ${quoted(urls.upload)}`,
  process: `curl -o small.jpg ${quoted(urls.process)}`,
});

export function FirstSteps() {
  const { start, startText, steps, picture, demo } = w();
  const urls = useUrls();
  const texts = commands(urls.value);
  return (
    <section class="card first-steps" aria-labelledby="first-steps">
      <h2 id="first-steps">{start}</h2>
      <p class="soft">{startText}</p>
      {urls.error !== undefined && <Failed error={urls.error} onRetry={urls.reload} />}
      <ol>
        {(['bucket', 'upload', 'process'] as const).map((name) => (
          <li key={name}>
            <h3>{steps[name]}</h3>
            <Code text={texts[name]} label={steps[name]} />
          </li>
        ))}
      </ol>
      <p class="hint">
        {picture} {demo}
      </p>
    </section>
  );
}
