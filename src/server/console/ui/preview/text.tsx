/** Texts. HTML is a text first, and a page in a frame that can do nothing. */
import { useState } from 'preact/hooks';
import { Shown, Tabs } from '../basics.tsx';
import { bytes as amount } from '../numbers.ts';
import { useLoaded } from '../use.ts';
import { Scroll } from './scroll.tsx';
import type { Source } from './source.ts';
import { w } from './words.ts';

interface Props {
  readonly source: Source;
}

interface Read {
  readonly text: string;
  readonly isWhole: boolean;
  readonly isUtf8: boolean;
}

const SHOWN = 256 * 1024;

const useText = (source: Source) =>
  useLoaded(
    async (signal): Promise<Read> => {
      const bytes = await source.head(SHOWN, signal);
      const isWhole = bytes.length < SHOWN;
      try {
        // The last character may have been cut: more is said to come.
        const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: !isWhole });
        return { text, isWhole, isUtf8: true };
      } catch {
        return { text: new TextDecoder().decode(bytes), isWhole, isUtf8: false };
      }
    },
    [source],
  );

const Plain = ({ text, label }: { readonly text: string; readonly label: string }) => (
  <Scroll label={label} wraps>
    {text}
  </Scroll>
);

const Notes = ({ read, size }: { readonly read: Read; readonly size: number }) => (
  <>
    {!read.isUtf8 && <p class="hint">{w().notText}</p>}
    {!read.isWhole && <p class="hint">{w().cut(amount(SHOWN), amount(size))}</p>}
  </>
);

export function Text({ source }: Props) {
  return (
    <Shown loaded={useText(source)}>
      {(read) => (
        <>
          <Plain text={read.text} label={source.key} />
          <Notes read={read} size={source.size} />
        </>
      )}
    </Shown>
  );
}

/** @returns undefined for what is no JSON, or only the beginning of one */
function formatted({ text, isWhole }: Read): string | undefined {
  if (!isWhole) return undefined;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return undefined;
  }
}

export function Json({ source }: Props) {
  const loaded = useText(source);
  const [view, setView] = useState<'formatted' | 'stored'>('formatted');
  return (
    <Shown loaded={loaded}>
      {(read) => {
        const pretty = formatted(read);
        if (pretty === undefined)
          return (
            <>
              <Plain text={read.text} label={source.key} />
              <Notes read={read} size={source.size} />
            </>
          );
        return (
          <Tabs
            label={w().views}
            tabs={[
              ['formatted', w().formatted],
              ['stored', w().stored],
            ]}
            chosen={view}
            onChoose={setView}
          >
            <Plain text={view === 'formatted' ? pretty : read.text} label={source.key} />
            <Notes read={read} size={source.size} />
          </Tabs>
        );
      }}
    </Shown>
  );
}

export function Html({ source }: Props) {
  const loaded = useText(source);
  const [view, setView] = useState<'source' | 'rendered'>('source');
  return (
    <Shown loaded={loaded}>
      {(read) => (
        <Tabs
          label={w().views}
          tabs={[
            ['source', w().source],
            ['rendered', w().rendered],
          ]}
          chosen={view}
          onChoose={setView}
        >
          {view === 'source' ? (
            <Plain text={read.text} label={source.key} />
          ) : (
            <>
              {/* An empty sandbox: no script, no form, an origin of its own; and the policy of this page holds in it. */}
              <iframe class="page" sandbox="" srcdoc={read.text} title={source.key} />
              <p class="hint">{w().sandboxed}</p>
            </>
          )}
          <Notes read={read} size={source.size} />
        </Tabs>
      )}
    </Shown>
  );
}
