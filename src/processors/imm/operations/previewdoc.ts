/** imm/previewdoc: what doc/preview was called before, with `copy` alone (documents-styles-tasks.md §1.3). */
import { docOperation } from '../../doc/family.ts';
import preview from '../../doc/operations/preview.ts';

const { copy } = preview.params;

export default docOperation({
  name: 'previewdoc',
  summary: 'The old name of doc/preview.',
  docs: preview.docs,
  modes: preview.modes,
  getOnly: true,
  fidelity: preview.fidelity,
  params: { copy },
  examples: [{ of: 'report.docx', process: 'imm/previewdoc,copy_1', shows: 'the same page as doc/preview' }],
  run: ({ params, ...job }) =>
    preview.run({ ...job, clauses: [], params: { copy: params.copy, print: true, export: false } }),
});
