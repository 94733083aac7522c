/** Why a signature is wrong, as far as it can be told. */
import { useState } from 'preact/hooks';
import type { AuthNote, Diagnosis } from '../../api/types.ts';
import { place, stay } from '../../app/route.ts';
import { Code, Copy, Facts, Tabs } from '../../ui/basics.tsx';
import { Sides } from './sides.tsx';
import { w } from './signature-words.ts';

/** What the signature is made of: V4 signs a digest of the canonical request. */
const TEXTS = ['canonicalRequest', 'stringToSign'] as const;
type Name = (typeof TEXTS)[number];

export function Signature({ auth }: { readonly auth: AuthNote }) {
  const { outcome, diagnosis, received, expected } = auth;
  const texts = TEXTS.filter((name) => auth[name] !== undefined);
  const shown = texts.find((name) => name === place.value.params.text) ?? texts[0];
  return (
    <section class="card signature" aria-labelledby="signature">
      <h2 id="signature">{outcome === 'mismatch' ? w().title : w().about}</h2>
      <Cause diagnosis={diagnosis} />
      {expected !== undefined && (
        <Facts
          facts={[
            [w().received, <Signed text={received} label={w().received} />],
            [w().expected, <Signed text={expected} label={w().expected} />],
          ]}
        />
      )}
      {shown !== undefined && (
        <Tabs
          label={w().texts}
          tabs={texts.map((name) => [name, w().names[name]] as const)}
          chosen={shown}
          onChoose={(text) => stay({ text })}
        >
          <Compared key={shown} name={shown} auth={auth} />
        </Tabs>
      )}
    </section>
  );
}

/** The server's sentence has the names and times of this request; in another language it stands below the cause. */
function Cause({ diagnosis }: { readonly diagnosis: Diagnosis | undefined }) {
  if (diagnosis === undefined) return <p>{w().unknown}</p>;
  const told = w().causes[diagnosis.cause];
  return (
    <div class="cause" role="note" aria-label={w().likely}>
      <p>
        <strong>{w().likely}</strong> {told ?? diagnosis.sentence}
      </p>
      {told !== undefined && (
        <p class="hint" lang="en">
          {diagnosis.sentence}
        </p>
      )}
    </div>
  );
}

const Signed = ({ text, label }: { readonly text: string | undefined; readonly label: string }) =>
  text === undefined || text === '' ? (
    <>–</>
  ) : (
    <>
      <code class="wrap">{text}</code> <Copy text={text} label={label} />
    </>
  );

/** Beside what the client signed, if it is known; else beside what the reader puts in. */
function Compared({ name, auth }: { readonly name: Name; readonly auth: AuthNote }) {
  const [pasted, setPasted] = useState('');
  const server = auth[name] ?? '';
  const known = auth.diagnosis?.[name];
  if (known !== undefined) return <Sides server={server} client={known} />;
  return (
    <>
      <div class="paste">
        <div>
          <h3>{w().server}</h3>
          <Code text={server} label={w().server} />
        </div>
        <label>
          {w().client}
          <textarea
            class="mono"
            rows={Math.min(24, server.split('\n').length + 1)}
            spellcheck={false}
            placeholder={w().paste}
            value={pasted}
            onInput={(event) => setPasted(event.currentTarget.value)}
          />
          <span class="hint">{w().pasteHint}</span>
        </label>
      </div>
      {pasted !== '' && <Sides server={server} client={pasted} />}
    </>
  );
}
