/** What the server was asked: all of it, or one request. */
import { place } from '../../app/route.ts';
import { Journal } from './journal.tsx';
import { RequestPage } from './page.tsx';

export function Requests() {
  const { id } = place.value.params;
  return id === undefined ? <Journal /> : <RequestPage id={id} />;
}
