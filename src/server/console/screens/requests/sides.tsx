/** Two strings to sign side by side, the characters that differ marked. */
import { useMemo } from 'preact/hooks';
import { alignLines, linesOf, type Pair, partsOf, visible } from './diff.ts';
import { w } from './signature-words.ts';

export function Sides({ server, client }: { readonly server: string; readonly client: string }) {
  const pairs = useMemo(() => alignLines(linesOf(server), linesOf(client)), [server, client]);
  const differing = pairs.filter(({ left, right }) => left !== right).length;
  return (
    <>
      <p role="status">{differing === 0 ? w().same : w().differing(differing)}</p>
      <div class="sides">
        <table>
          <thead>
            <tr>
              <th scope="col">{w().server}</th>
              <th scope="col">{w().client}</th>
            </tr>
          </thead>
          <tbody>
            {pairs.map((pair, i) => (
              <Lines key={i} pair={pair} />
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function Lines({ pair: { left, right } }: { readonly pair: Pair }) {
  const isSame = left === right;
  const parts = partsOf(left ?? '', right ?? '');
  return (
    <tr class={isSame ? '' : 'differs'}>
      {(['left', 'right'] as const).map((side) => {
        const line = side === 'left' ? left : right;
        return (
          <td key={side} data-side={side === 'left' ? w().server : w().client}>
            {line === undefined ? (
              <span class="soft">{w().noLine}</span>
            ) : isSame ? (
              <Plain text={line} />
            ) : (
              <>
                <Plain text={parts.head} />
                {parts[side] !== '' && <mark>{visible(parts[side])}</mark>}
                <Plain text={parts.tail} />
              </>
            )}
          </td>
        );
      })}
    </tr>
  );
}

/** The end of a line is seen, but it does not stand out. */
const Plain = ({ text }: { readonly text: string }) => {
  const [line = '', end] = text.split(/(\n)/);
  return (
    <>
      {line}
      {end !== undefined && (
        <span class="end" aria-hidden="true">
          ↵
        </span>
      )}
    </>
  );
};
