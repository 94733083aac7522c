/** Medians and ratios, printed as one line each. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Prints Ossite's figure, the bare server's, their ratio and the target. Figures are rates: more is better. */
export function report(what: string, ossite: number, bare: number, target: number): void {
  const ratio = ossite / bare;
  const verdict = ratio >= target ? 'ok' : 'BELOW TARGET';
  console.log(
    `${what}: ossite ${ossite.toFixed(1)}, bare ${bare.toFixed(1)}, ratio ${ratio.toFixed(2)} (target ${target}) ${verdict}`,
  );
}
