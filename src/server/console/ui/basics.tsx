/** The small parts that all screens are made of. */
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Refused } from '../api/control.ts';
import { Icon } from './icons.tsx';
import { moment } from './numbers.ts';
import type { Loaded } from './use.ts';
import { useClock } from './use.ts';
import { common } from './words.ts';

interface Children {
  readonly children?: ComponentChildren;
}

/** A screen: its name, what can be done on all of it, its content. */
export const Page = ({
  title,
  actions,
  children,
}: Children & { readonly title: ComponentChildren; readonly actions?: ComponentChildren }) => (
  <>
    <header class="page">
      <h1>{title}</h1>
      {actions && <div class="actions">{actions}</div>}
    </header>
    {children}
  </>
);

/** Where nothing is yet: what would be here, and how it comes. */
export const Empty = ({ title, children }: Children & { readonly title: string }) => (
  <div class="empty">
    <p class="title">{title}</p>
    {children}
  </div>
);

export const Loading = () => (
  <p class="loading" aria-busy="true">
    {common().loading}
  </p>
);

/** What went wrong, and a way to try again. */
export function Failed({ error, onRetry }: { readonly error: Error; readonly onRetry?: () => void }) {
  const gone = error instanceof Refused && error.status === 0;
  return (
    <div class="failed" role="alert">
      <p>
        {error instanceof Refused && !gone && <strong>{error.code} </strong>}
        {gone ? common().unreachable : error.message}
      </p>
      {onRetry && (
        <button type="button" class="secondary" onClick={onRetry}>
          {common().again}
        </button>
      )}
    </div>
  );
}

/** What was loaded, or the states before that. What is there stays while it is loaded again. */
export function Shown<T>({
  loaded,
  children,
}: {
  readonly loaded: Loaded<T>;
  readonly children: (value: T) => ComponentChildren;
}) {
  if (loaded.value !== undefined) return <>{children(loaded.value)}</>;
  if (loaded.error !== undefined) return <Failed error={loaded.error} onRetry={loaded.reload} />;
  return <Loading />;
}

export type Tone = 'ok' | 'warn' | 'bad' | 'busy' | 'plain';

/** A word about how something is. The word says it, the colour only helps. */
export const Badge = ({ tone, children }: Children & { readonly tone: Tone }) => (
  <span class={`badge ${tone}`}>{children}</span>
);

/** A moment, told as people tell it; the exact time is in its title. */
export function Moment({ at }: { readonly at: string }) {
  const now = useClock();
  return (
    <time dateTime={at} title={at}>
      {moment(at, now)}
    </time>
  );
}

/** Copies a text. @param label what is copied, where there is only the icon */
export function Copy({
  text,
  label,
  children,
}: Children & { readonly text: string | (() => Promise<string>); readonly label?: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(typeof text === 'string' ? text : await text());
    setCopied(true);
    setTimeout(() => setCopied(false), 1500);
  };
  return (
    <button
      type="button"
      class="copy quiet"
      aria-label={children === undefined ? (label ?? common().copy) : undefined}
      title={label ?? common().copy}
      onClick={() => void copy()}
    >
      <Icon name={copied ? 'check' : 'copy'} />
      {children !== undefined && <span>{copied ? common().copied : children}</span>}
    </button>
  );
}

/** A text to read and to copy. */
export const Code = ({ text, label }: { readonly text: string; readonly label?: string }) => (
  <div class="code">
    {/* Long lines scroll: who has no mouse must get there. */}
    {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region */}
    <pre tabIndex={0}>
      <code>{text}</code>
    </pre>
    <Copy text={text} {...(label === undefined ? {} : { label })} />
  </div>
);

/** A few ways to see the same; arrow keys go between them. */
export function Tabs<N extends string>({
  label,
  tabs,
  chosen,
  onChoose,
  children,
}: Children & {
  readonly label: string;
  readonly tabs: readonly (readonly [name: N, title: ComponentChildren])[];
  readonly chosen: N;
  readonly onChoose: (name: N) => void;
}) {
  const list = useRef<HTMLDivElement>(null);
  const step = (event: KeyboardEvent) => {
    const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (by === 0) return;
    event.preventDefault();
    const at = (tabs.findIndex(([name]) => name === chosen) + by + tabs.length) % tabs.length;
    const next = tabs[at];
    if (next === undefined) return;
    onChoose(next[0]);
    list.current?.querySelectorAll<HTMLElement>('[role=tab]')[at]?.focus();
  };
  return (
    <div class="tabs">
      <div role="tablist" aria-label={label} ref={list} onKeyDown={step}>
        {tabs.map(([name, title]) => (
          <button
            key={name}
            type="button"
            role="tab"
            aria-selected={name === chosen}
            tabIndex={name === chosen ? 0 : -1}
            onClick={() => onChoose(name)}
          >
            {title}
          </button>
        ))}
      </div>
      <div role="tabpanel" aria-label={label}>
        {children}
      </div>
    </div>
  );
}

/** A window on top of the page. Escape, a click beside it and its cross close it. */
export function Dialog({
  title,
  onClose,
  children,
}: Children & { readonly title: string; readonly onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes it, see onClose
    <dialog
      ref={dialog}
      aria-label={title}
      onClose={onClose}
      onClick={(event) => event.target === dialog.current && onClose()}
    >
      <article>
        <header>
          <h2>{title}</h2>
          <button type="button" class="quiet" aria-label={common().close} onClick={onClose}>
            <Icon name="cross" />
          </button>
        </header>
        {children}
      </article>
    </dialog>
  );
}

/** Asks before something that can not be undone. */
export const Confirm = ({
  title,
  text,
  yes,
  onYes,
  onClose,
}: {
  readonly title: string;
  readonly text: string;
  readonly yes: string;
  readonly onYes: () => void;
  readonly onClose: () => void;
}) => (
  <Dialog title={title} onClose={onClose}>
    <p>{text}</p>
    <footer>
      <button type="button" class="secondary" onClick={onClose}>
        {common().cancel}
      </button>
      <button
        type="button"
        class="danger"
        onClick={() => {
          onYes();
          onClose();
        }}
      >
        {yes}
      </button>
    </footer>
  </Dialog>
);

/** Names and values, as of headers. */
export const Facts = ({
  facts,
}: {
  readonly facts: readonly (readonly [name: string, value: ComponentChildren])[];
}) => (
  <dl class="facts">
    {facts.map(([name, value]) => (
      <div key={name}>
        <dt>{name}</dt>
        <dd>{value}</dd>
      </div>
    ))}
  </dl>
);

/** A text that may be long: what does not fit is cut, and there in full for who points at it. */
export const Long = ({ text }: { readonly text: string }) => (
  <span class="long" title={text}>
    {text}
  </span>
);
