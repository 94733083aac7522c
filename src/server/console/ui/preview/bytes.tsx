/** The first bytes of anything: where each lies, its value, and its letter where it has one. */
import { Shown } from '../basics.tsx';
import { bytes as amount } from '../numbers.ts';
import { useLoaded } from '../use.ts';
import { Scroll } from './scroll.tsx';
import type { Source } from './source.ts';
import { w } from './words.ts';

const SHOWN = 4096;
const PER_LINE = 16;

function lineOf(bytes: Uint8Array, at: number): string {
  const part = [...bytes.subarray(at, at + PER_LINE)];
  const hex = part.map((byte) => byte.toString(16).padStart(2, '0'));
  const letters = part.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');
  const halves = [hex.slice(0, 8).join(' '), hex.slice(8).join(' ')].map((half) => half.padEnd(23)).join('  ');
  return `${at.toString(16).padStart(8, '0')}  ${halves}  ${letters}`;
}

const linesOf = (bytes: Uint8Array) =>
  Array.from({ length: Math.ceil(bytes.length / PER_LINE) }, (_, i) => lineOf(bytes, i * PER_LINE));

export function Bytes({ source }: { readonly source: Source }) {
  const loaded = useLoaded((signal) => source.head(SHOWN, signal), [source]);
  return (
    <Shown loaded={loaded}>
      {(bytes) => (
        <>
          <Scroll label={w().hex}>{linesOf(bytes).join('\n')}</Scroll>
          {bytes.length < source.size && <p class="hint">{w().cut(amount(bytes.length), amount(source.size))}</p>}
        </>
      )}
    </Shown>
  );
}
