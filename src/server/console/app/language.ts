/** The words of the console, in the reader's language. Each screen keeps its own beside it. */
import { computed, signal } from '@preact/signals';

export const languages = { en: 'English', zh: '中文' } as const;
export type Language = keyof typeof languages;

const KEPT = 'ossite.language';

const fromBrowser = (): Language => (navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en');

const chosen = signal(localStorage.getItem(KEPT));

/** The reader's own choice, else the browser's. */
export const language = computed((): Language => {
  const kept = chosen.value;
  return kept === 'en' || kept === 'zh' ? kept : fromBrowser();
});

/** Chooses a language for this browser. */
export function choose(next: Language): void {
  localStorage.setItem(KEPT, next);
  chosen.value = next;
}

/** What words are: texts, and functions that put something into a text. */
type Words = Readonly<Record<string, unknown>>;

/** The same words, whatever they say. */
type Same<W> = {
  readonly [K in keyof W]: W[K] extends string ? string : W[K] extends Words ? Same<W[K]> : W[K];
};

/** Binds the words of a screen together. @returns those of the language that is chosen when they are needed */
export function words<const W extends Words>(en: W, zh: Same<W>): () => Same<W> {
  return () => (language.value === 'zh' ? zh : (en as Same<W>));
}
