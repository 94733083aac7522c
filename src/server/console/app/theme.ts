/** Light or dark: the system's choice, unless the reader has made another in this browser. */
import { effect, signal } from '@preact/signals';

export const themes = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

const KEPT = 'ossite.theme';
const kept = localStorage.getItem(KEPT);

export const theme = signal<Theme>(themes.find((one) => one === kept) ?? 'auto');

effect(() => {
  if (theme.value === 'auto') {
    localStorage.removeItem(KEPT);
    delete document.documentElement.dataset.theme;
  } else {
    localStorage.setItem(KEPT, theme.value);
    document.documentElement.dataset.theme = theme.value;
  }
});
