/** CRC-64/XZ of two pieces that follow each other, from the CRCs of the pieces: nothing is read again. */

/** The polynomial with its bits in reverse (rest-core.md §0.1). */
const POLYNOMIAL = 0xc96c5795d7870f42n;
const BITS = 64;

/** A linear map on 64-bit words: what it makes of each single bit. */
type Matrix = readonly bigint[];

const apply = (matrix: Matrix, word: bigint): bigint => {
  let sum = 0n;
  for (let bit = 0, rest = word; rest !== 0n; bit += 1, rest >>= 1n) {
    if (rest & 1n) sum ^= matrix[bit] as bigint;
  }
  return sum;
};

const after = (first: Matrix, second: Matrix): Matrix => first.map((column) => apply(second, column));

/** What one zero bit does to the register of the check. */
const oneZero: Matrix = Array.from({ length: BITS }, (_, bit) => (bit === 0 ? POLYNOMIAL : 1n << BigInt(bit - 1)));

/** What 2^n zero bytes do, for each n that was asked for. */
const powers: Matrix[] = [];

function zeroBytes(exponent: number): Matrix {
  if (powers.length === 0) {
    const twoZeros = after(oneZero, oneZero);
    const fourZeros = after(twoZeros, twoZeros);
    powers.push(after(fourZeros, fourZeros));
  }
  while (powers.length <= exponent) {
    const last = powers.at(-1) as Matrix;
    powers.push(after(last, last));
  }
  return powers[exponent] as Matrix;
}

/**
 * @param first CRC of the first piece, unsigned decimal
 * @param second CRC of the second piece
 * @param length bytes of the second piece
 */
export function combineCrc64(first: string, second: string, length: number): string {
  let word = BigInt(first);
  for (let rest = length, exponent = 0; rest > 0; rest = Math.floor(rest / 2), exponent += 1) {
    if (rest % 2 === 1) word = apply(zeroBytes(exponent), word);
  }
  return (word ^ BigInt(second)).toString();
}
