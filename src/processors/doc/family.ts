/** Documents: everything happens in one operation, so what is between two actions is the source itself. */
import { stat } from 'node:fs/promises';
import { TaskFailure } from '../failure.ts';
import type { Artifact, ClauseSpecs, Family, Operation, Source } from '../operation.ts';
import type { ParamSpecs } from '../params.ts';

/** A document on its way through a run. */
export interface Document {
  readonly source: Source;
}

/** documents-styles-tasks.md §1.1.5 */
const MAX_SOURCE_MIB = 200;

const NO_CLOUD_MODEL = 'it needs a language model of the cloud, and this emulator works offline';

const doc: Family<Document> = {
  name: 'doc',
  summary: 'Office documents: Word, PowerPoint, Excel and PDF.',
  takes: ['document'],
  taskType: 'OfficeConversion',
  imm: true,
  refused: {
    edit: 'it opens an interactive WebOffice page of the cloud; doc/preview shows the document',
    translate: NO_CLOUD_MODEL,
    polish: NO_CLOUD_MODEL,
    summarize: NO_CLOUD_MODEL,
    continue: NO_CLOUD_MODEL,
    enrich: NO_CLOUD_MODEL,
    rephrase: NO_CLOUD_MODEL,
  },
  async open(source): Promise<Document> {
    const { size } = await stat(source.file);
    if (size === 0) throw new TaskFailure('OpenFileError', 'The source is empty.');
    if (size > MAX_SOURCE_MIB * 1024 ** 2) {
      throw new TaskFailure('OpenFileError', `The source is larger than ${MAX_SOURCE_MIB} MB.`);
    }
    return { source };
  },
  /** Never reached: every operation of this family makes artifacts. */
  async finish(): Promise<readonly Artifact[]> {
    throw new Error('a document operation made no artifact');
  },
};

export default doc;

/** Lets the compiler infer an operation's parameter types. */
// biome-ignore lint/complexity/noBannedTypes: "no clauses" is exactly the empty object type
export function docOperation<const S extends ParamSpecs, const C extends ClauseSpecs = {}>(
  operation: Operation<Document, S, C>,
): Operation<Document, S, C> {
  return operation;
}
