/** Loaded before the server: writes down every connection that Node itself opens, and every name that it looks up. */
import dgram from 'node:dgram';
import dns from 'node:dns';
import { appendFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';

const note = (what, where) => appendFileSync(process.env.OSSITE_TEST_OUTBOUND, `${what} ${where}\n`);

/** Does what it did, and notes it where `told` has something to say. */
function watch(object, name, told) {
  const original = object[name];
  object[name] = function watched(...args) {
    const where = told(args);
    if (where !== undefined) note(name, where);
    return original.apply(this, args);
  };
}

// A path is a socket of this machine: how tsx talks to its parent.
watch(net.Socket.prototype, 'connect', (args) => {
  const [options] = Array.isArray(args[0]) ? args[0] : args;
  if (typeof options !== 'object') return `port ${options}`;
  return !options.path ? `${options.host ?? 'localhost'}:${options.port}` : undefined;
});
for (const api of [dns, dns.promises]) {
  // Listening on an address looks it up as well, and asks nobody.
  for (const name of Object.keys(api).filter((key) => /^(lookup|resolve|reverse)/.test(key)))
    watch(api, name, ([host]) => (host === '127.0.0.1' ? undefined : host));
}
for (const name of ['send', 'connect']) watch(dgram.Socket.prototype, name, (args) => args.length);
syncBuiltinESMExports();
