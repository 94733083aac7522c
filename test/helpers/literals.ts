/** Reads the string literals of a program as its language does; a quote that is not closed is an error. */

/** What stands behind a backslash. */
const NAMED: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f', v: '\v', e: '\u001b' };

/** The texts of all string literals. @param syntax js, python, go, java, php or cpp */
export function literalsOf(code: string, syntax: string): readonly string[] {
  const found: string[] = [];
  const comment = syntax === 'python' ? '#' : '//';
  for (let i = 0; i < code.length; i += 1) {
    const char = code[i] ?? '';
    if (code.startsWith(comment, i)) {
      i = code.indexOf('\n', i);
      if (i < 0) break;
    } else if (char === '"' || char === "'" || (char === '`' && syntax === 'js')) {
      const [text, end] = literalAt(code, i, syntax);
      found.push(text);
      i = end;
    }
  }
  return found;
}

/** @returns the text, and where its closing quote is */
function literalAt(code: string, start: number, syntax: string): readonly [string, number] {
  const quote = code[start];
  const isRaw = syntax === 'php' && quote === "'";
  const bytes: Buffer[] = [];
  for (let i = start + 1; i < code.length; i += 1) {
    const char = String.fromCodePoint(code.codePointAt(i) ?? 0);
    if (char === quote) return [Buffer.concat(bytes).toString('utf8'), i];
    if (char === '\n' && quote !== '`' && !isRaw)
      throw new Error(`a line ends inside a literal: ${code.slice(start, i)}`);
    if (syntax === 'php' && quote === '"' && char === '$') throw new Error('PHP would expand a variable');
    if (char !== '\\') {
      bytes.push(Buffer.from(char));
      i += char.length - 1;
      continue;
    }
    const [text, length] = escapeAt(code.slice(i + 1, i + 12), syntax, isRaw);
    bytes.push(text);
    i += length;
  }
  throw new Error(`a literal is not closed: ${code.slice(start)}`);
}

/** @param rest what follows the backslash @returns its bytes, and how many characters of `rest` it takes */
function escapeAt(rest: string, syntax: string, isRaw: boolean): readonly [Buffer, number] {
  const [next = ''] = rest;
  if (isRaw) return /[\\']/.test(next) ? [Buffer.from(next), 1] : [Buffer.from('\\'), 0];
  const [octal] = syntax === 'cpp' ? (/^[0-7]{1,3}/.exec(rest) ?? []) : [];
  if (octal !== undefined) return [Buffer.from([Number.parseInt(octal, 8)]), octal.length];
  const [braced, digits = ''] = /^u\{([0-9a-f]+)\}/i.exec(rest) ?? [];
  if (braced !== undefined && syntax === 'php')
    return [Buffer.from(String.fromCodePoint(Number.parseInt(digits, 16))), braced.length];
  // Halves of one character stand together.
  const [units] = /^u[0-9a-f]{4}(?:\\u[0-9a-f]{4})?/i.exec(rest) ?? [];
  if (units !== undefined && syntax !== 'php' && syntax !== 'cpp') return unitsAt(units);
  if (/["'\\$?`]/.test(next)) return [Buffer.from(next), 1];
  const named = NAMED[next];
  if (named === undefined) throw new Error(`\\${rest} is no escape`);
  return [Buffer.from(named), 1];
}

function unitsAt(units: string): readonly [Buffer, number] {
  const [high = 0, low = 0] = [...units.matchAll(/u([0-9a-f]{4})/gi)].map(([, hex = '']) => Number.parseInt(hex, 16));
  const isPair = high >= 0xd800 && high < 0xdc00 && low >= 0xdc00 && low < 0xe000;
  return isPair
    ? [Buffer.from(String.fromCharCode(high, low)), units.length]
    : [Buffer.from(String.fromCharCode(high)), 5];
}
