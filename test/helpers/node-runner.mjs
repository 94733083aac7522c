/** Runs programs one after another in one process, as `node PROGRAM` would: what they import is loaded once. */
import { pathToFileURL } from 'node:url';
import { format } from 'node:util';

process.on('message', async ({ file, cwd }) => {
  let out = '';
  process.chdir(cwd);
  console.log = (...args) => {
    out += `${format(...args)}\n`;
  };
  try {
    await import(pathToFileURL(file).href);
    process.send({ out });
  } catch (error) {
    process.send({ error: String(error?.stack ?? error) });
  }
});
