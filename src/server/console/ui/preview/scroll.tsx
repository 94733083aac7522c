import type { ComponentChildren } from 'preact';

/** A text that may be long: it scrolls in itself, by keyboard too. @param label what it is */
export const Scroll = ({
  label,
  wraps = false,
  children,
}: {
  readonly label: string;
  readonly wraps?: boolean;
  readonly children: ComponentChildren;
}) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region
  <section class={`content ${wraps ? 'wrapped' : ''}`} tabIndex={0} aria-label={label}>
    <pre>{children}</pre>
  </section>
);
