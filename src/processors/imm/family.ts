/** The category under which IMM's operations were called before each kind of media had one of its own. */
import doc from '../doc/family.ts';

const { refused: _, ...rest } = doc;

export default { ...rest, name: 'imm', summary: 'The old name of document operations.' } satisfies typeof doc;
