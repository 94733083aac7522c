/** How the signature of a request was. */
import { Badge } from '../../ui/basics.tsx';
import { w } from './words.ts';

const WRONG = ['mismatch', 'unknown-key', 'bad-token'];

/** Whether it would be refused where signatures are enforced. */
export const isWrong = (outcome: string): boolean => WRONG.includes(outcome);

/** @param outcome as the server names it */
export const verdictOf = (outcome: string): string => w().verdicts[outcome] ?? outcome;

export const Verdict = ({ outcome }: { readonly outcome: string }) =>
  isWrong(outcome) ? <Badge tone="warn">{verdictOf(outcome)}</Badge> : <span class="soft">{verdictOf(outcome)}</span>;
