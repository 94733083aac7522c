/**
 * How each SDK is pointed at a server and called: the one source of `ossite env`, docs/sdks.md and the console's code
 * (rest-core.md §5.1, documents-styles-tasks.md §5.2).
 */
import cpp from './cpp.ts';
import go from './go.ts';
import java from './java.ts';
import node from './node.ts';
import php from './php.ts';
import python from './python.ts';
import type { Sdk } from './sdk.ts';
import shell from './shell.ts';

/** In the order in which people are shown them. */
export const sdks: readonly Sdk[] = [shell, node, ...python, ...go, java, ...php, cpp];

/** The values of `--lang`. */
export const languages: readonly string[] = [...new Set(sdks.map(({ language }) => language))];
