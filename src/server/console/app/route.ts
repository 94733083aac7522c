/** Where the reader is: `#/playground?bucket=demo&key=photo.jpg`. All that a screen shows can be shared as its address. */
import { signal } from '@preact/signals';

export interface Place {
  /** The first screen when empty. */
  readonly screen: string;
  readonly params: Readonly<Record<string, string>>;
}

type Params = Readonly<Record<string, string | number | undefined>>;

function read(): Place {
  const [path = '', query = ''] = location.hash.replace(/^#\/?/, '').split(/\?(.*)/s);
  return { screen: path, params: Object.fromEntries(new URLSearchParams(query)) };
}

export const place = signal<Place>(read());

addEventListener('hashchange', () => {
  place.value = read();
});

/** The address of a place, for links. Parameters that are empty are left out; the namespace that is looked at stays. */
export function href(screen: string, params: Params = {}): string {
  const given = Object.entries({ ns: place.value.params.ns, ...params }).flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [[name, String(value)]],
  );
  const query = new URLSearchParams(given).toString();
  return `#/${screen}${query === '' ? '' : `?${query}`}`;
}

/** Goes there, as a link would. */
export function go(screen: string, params: Params = {}): void {
  location.hash = href(screen, params);
}

/** Changes some parameters of the place one is at. What is typed letter by letter leaves no steps to go back through. */
export function stay(params: Params, { step = false } = {}): void {
  const { screen, params: now } = place.value;
  const next = href(screen, { ...now, ...params });
  if (next === location.hash) return;
  if (step) history.pushState(null, '', next);
  else history.replaceState(null, '', next);
  place.value = read();
}
