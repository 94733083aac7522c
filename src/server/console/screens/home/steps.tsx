/** What to do where nothing is yet. */
import { Code } from '../../ui/basics.tsx';
import { w } from './words.ts';

const BUCKET = 'my-bucket';

/** For a shell, against this very server. */
const commands = (origin: string) => ({
  bucket: `curl -X PUT ${origin}/${BUCKET}`,
  upload: `curl -T photo.jpg ${origin}/${BUCKET}/photo.jpg`,
  process: `curl -o small.jpg '${origin}/${BUCKET}/photo.jpg?x-oss-process=image/resize,w_300/rotate,90'`,
});

export function FirstSteps() {
  const { start, startText, steps, picture, demo } = w();
  const texts = commands(location.origin);
  return (
    <section class="card first-steps" aria-labelledby="first-steps">
      <h2 id="first-steps">{start}</h2>
      <p class="soft">{startText}</p>
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
