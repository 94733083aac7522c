/**
 * A text as bits that survive errors, and back: a convolutional code (rate 1/2, constraint length 7, the polynomials
 * 171 and 133 in use since Voyager), read by Viterbi's algorithm from bits that may be anything between certain and
 * unknown. A digest in front of the text tells a text that was read from one that was guessed.
 */
import { createHash } from 'node:crypto';

/** Bytes a text is filled up to, so that a reader has few lengths to try. The largest holds 256 characters of 4 bytes. */
export const rooms: readonly number[] = [4, 8, 16, 32, 64, 128, 256, 384, 512, 768, 1024];

const DIGEST_BYTES = 4;

/** Fills a text up; no byte of UTF-8 has this value. */
const FILL = 0xff;

/** Bits of the encoder's memory: as many zeros bring it back to where it began. */
const MEMORY = 6;
const STATES = 1 << MEMORY;
const POLYNOMIALS = [0o171, 0o133] as const;

/** How many bits a text of `room` bytes becomes. */
export const codedLength = (room: number): number => POLYNOMIALS.length * ((DIGEST_BYTES + room) * 8 + MEMORY);

/** @param text of at most `room` bytes */
export function encodeText(text: string, room: number): Uint8Array {
  const filled = Buffer.alloc(room, FILL);
  filled.write(text);
  const bits = bitsOf(Buffer.concat([digest(filled), filled]));
  const coded = new Uint8Array(codedLength(room));
  let state = 0;
  for (let i = 0; i < coded.length / 2; i++) {
    const word = (state << 1) | (bits[i] ?? 0);
    coded.set([outputs[word]! >> 1, outputs[word]! & 1], i * 2);
    state = word & (STATES - 1);
  }
  return coded;
}

/**
 * @param soft a number for each coded bit: above 0 it is more likely a 0, below 0 a 1; the further, the surer
 * @returns the text, or `undefined` when there is none to be read
 */
export function decodeText(soft: Float32Array): string | undefined {
  const bytes = bytesOf(likeliestPath(soft));
  const filled = bytes.subarray(DIGEST_BYTES);
  if (!digest(filled).equals(bytes.subarray(0, DIGEST_BYTES))) return undefined;
  const end = filled.indexOf(FILL);
  return filled.toString('utf8', 0, end < 0 ? filled.length : end);
}

const digest = (bytes: Buffer): Buffer => createHash('sha256').update(bytes).digest().subarray(0, DIGEST_BYTES);

const bitsOf = (bytes: Buffer): Uint8Array =>
  Uint8Array.from({ length: bytes.length * 8 }, (_, i) => ((bytes[i >> 3] ?? 0) >> (7 - (i & 7))) & 1);

function bytesOf(bits: Uint8Array): Buffer {
  const bytes = Buffer.alloc(bits.length >> 3);
  for (let i = 0; i < bytes.length * 8; i++) bytes[i >> 3] = ((bytes[i >> 3] ?? 0) << 1) | (bits[i] ?? 0);
  return bytes;
}

/** Whether a number has an odd number of ones. */
function parity(word: number): number {
  let odd = 0;
  for (let rest = word; rest > 0; rest >>= 1) odd ^= rest & 1;
  return odd;
}

/** What the encoder says for each content of its memory with the new bit behind it: two bits. */
const outputs = Uint8Array.from({ length: STATES * 2 }, (_, word) =>
  POLYNOMIALS.reduce((said, polynomial) => said * 2 + parity(word & polynomial), 0),
);

/** The bits, without the closing zeros, whose code agrees best with what was read. */
function likeliestPath(soft: Float32Array): Uint8Array {
  const steps = soft.length / 2;
  /** Of each step and state, the bit that left the memory on the best way there. */
  const lost = new Uint8Array(steps * STATES);
  let [scores, next] = [new Float64Array(STATES).fill(Number.NEGATIVE_INFINITY), new Float64Array(STATES)];
  scores[0] = 0;
  for (let step = 0; step < steps; step++) {
    const [a, b] = [soft[step * 2]!, soft[step * 2 + 1]!];
    // How well each of the four outputs agrees with what was read.
    const agrees = [a + b, a - b, b - a, -a - b];
    for (let state = 0; state < STATES; state++) {
      const other = state | STATES;
      const zero = scores[state >> 1]! + agrees[outputs[state]!]!;
      const one = scores[other >> 1]! + agrees[outputs[other]!]!;
      next[state] = Math.max(zero, one);
      lost[step * STATES + state] = one > zero ? 1 : 0;
    }
    [scores, next] = [next, scores];
  }
  const bits = new Uint8Array(steps);
  for (let step = steps - 1, state = 0; step >= 0; step--) {
    bits[step] = state & 1;
    state = (((lost[step * STATES + state] ?? 0) << MEMORY) | state) >> 1;
  }
  return bits.subarray(0, steps - MEMORY);
}
