/** Whatever the bytes are, telling what they are ends with an answer or a sentence. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { sourceExtensions } from '../../../src/processors/doc/formats.ts';
import { recognise } from '../../../src/processors/doc/sniff.ts';
import { TaskFailure } from '../../../src/processors/failure.ts';
import { fixture } from '../../helpers/ossite.ts';
import { odf, ole, tinyPdf } from './sources.ts';

const seeds = [
  fixture('report.docx'),
  fixture('workbook.xlsx'),
  odf('text', '<office:text/>'),
  ole(['WordDocument']),
  ole(['Workbook', 'PowerPoint Document']),
  tinyPdf(),
  Buffer.from('{\\rtf1 text}'),
  Buffer.from('<html><head><meta charset="gbk"></head></html>'),
];

const damage = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 40 });

it('survives damage anywhere', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...seeds),
      damage,
      fc.nat(),
      fc.constantFrom(...sourceExtensions),
      (seed, changes, length, extension) => {
        const bytes = Buffer.from(seed.subarray(0, length % (2 * seed.length)));
        for (const [at, value] of changes) bytes[at % Math.max(1, bytes.length)] = value;
        try {
          recognise(bytes, extension);
        } catch (error) {
          expect(error).toBeInstanceOf(TaskFailure);
        }
      },
    ),
    { numRuns: 2000 },
  );
});
