/** `npm run bench`, or `npm run bench -- images`: ratios against the barest server that does the same, in the same run. */
import { webConsole } from './console.ts';
import { documents } from './documents.ts';
import { floor } from './floor.ts';
import { images } from './images.ts';
import { many } from './many.ts';
import { objects } from './objects.ts';
import { startUp } from './start-up.ts';
import { store } from './store.ts';
import { video } from './video.ts';

const benches = { 'start-up': startUp, store, many, objects, floor, images, documents, video, console: webConsole };
const asked = process.argv.slice(2);

for (const [name, bench] of Object.entries(benches)) {
  if (asked.length === 0 || asked.includes(name)) await bench();
}
