import { randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  b64,
  converted,
  fixture,
  freshBucket,
  ossError,
  posted,
  processed,
  put,
  saveas,
  submitted,
} from '../../helpers/ossite.ts';
import { docx, odf, ole, tinyPdf, zip } from './sources.ts';

let bucket: string;

beforeAll(async () => {
  bucket = await freshBucket();
  await put(bucket, 'report.docx', fixture('report.docx'));
});

describe('refused when asked', () => {
  const cases = [
    ['doc/convert,source_docx', 'Imm Client', /^InvalidArgument, \[target\]:is required\. /],
    ['doc/convert,target_gif', 'Imm Client', /^InvalidArgument, \[target\]/],
    ['doc/convert,target_png,source_exe', 'Imm Client', /^InvalidArgument, \[source\]/],
    ['doc/convert,target_png,pages_0', 'Imm Client', /^InvalidArgument, \[pages\]/],
    ['doc/convert,target_png,pages_3-2', 'Imm Client', /^InvalidArgument, \[pages\]/],
    [`doc/convert,target_png,pages_${b64('two')}`, 'Imm Client', /^InvalidArgument, \[pages\]/],
    ['doc/convert,target_png,pages_*', 'BadRequest', /^Input is not base64 decoding\.$/],
  ] as const;
  it.each(cases)('%s', async (process, code, message) => {
    const error = ossError(await submitted(bucket, 'report.docx', process + saveas('x/{index}.png')));
    expect(error).toMatchObject({ status: 400, code });
    expect(error.message).toMatch(message);
  });

  it('without x-oss-async-process', async () => {
    const process = 'doc/convert,target_png';
    expect(ossError(await processed(bucket, 'report.docx', process)).status).toBe(400);
    expect(ossError(await posted(bucket, 'report.docx', process + saveas('x.png'))).status).toBe(400);
  });

  it.each(['edit', 'translate', 'polish', 'summarize', 'continue', 'enrich', 'rephrase'])(
    'doc/%s is not implemented',
    async (name) => {
      const error = ossError(await processed(bucket, 'report.docx', `doc/${name}`));
      expect(error).toMatchObject({ status: 400, code: 'NotImplemented' });
    },
  );
});

describe('failed tasks', () => {
  const random = randomBytes(40_000);
  const report = () => fixture('report.docx');
  const wordFlags = Buffer.from('eca5c1000000000000000001', 'hex');
  // BOF, then FilePass
  const filePass = Buffer.from('0908040000060500' + '2f000200' + '0100', 'hex');
  const cases: readonly (readonly [name: string, key: string, bytes: () => Buffer, code: string, says: RegExp])[] = [
    ['random bytes', 'random.docx', () => random, 'OpenFileError', /not a text document/],
    ['random bytes', 'random.xlsx', () => random, 'OpenFileError', /not a workbook/],
    ['random bytes', 'random.pdf', () => random, 'OpenFileError', /not a PDF/],
    ['random bytes', 'random.txt', () => random, 'OpenFileError', /not a plain text/],
    ['an empty file', 'empty.docx', () => Buffer.alloc(0), 'OpenFileError', /empty/],
    ['a cut-off file', 'cut.docx', () => report().subarray(0, 4000), 'OpenFileError', /damaged/],
    ['a ZIP that is no document', 'zip.docx', () => zip({ 'a.txt': 'hello' }), 'OpenFileError', /not a text document/],
    [
      'a document without a body',
      'hollow.docx',
      () => zip({ '[Content_Types].xml': '<x', 'word/document.xml': '<w' }),
      'OpenFileError',
      /damaged/,
    ],
    ['a docx named .xlsx', 'wrong.xlsx', report, 'OpenFileError', /not a workbook/],
    ['a docx named .pdf', 'wrong.pdf', report, 'OpenFileError', /not a PDF/],
    ['text named .docx', 'text.docx', () => Buffer.from('just text'), 'OpenFileError', /not a text document/],
    ['a broken PDF', 'broken.pdf', () => Buffer.from('%PDF-1.7\nnothing follows'), 'OpenFileError', /damaged/],
    ['a picture', 'photo.jpg', () => fixture('photo.jpg'), 'UnsupportedSrcFile', /jpg/],
    ['no extension', 'nameless', report, 'UnsupportedSrcFile', /source_/],
    [
      'an encrypted docx',
      'locked.docx',
      () => ole(['EncryptionInfo', 'EncryptedPackage']),
      'OpenFileError',
      /password/,
    ],
    ['an encrypted xlsx', 'locked.xlsx', () => ole(['EncryptedPackage']), 'OpenFileError', /password/],
    ['an encrypted pptx', 'locked.pptx', () => ole(['EncryptedPackage']), 'OpenFileError', /password/],
    ['an encrypted doc', 'locked.doc', () => ole(['WordDocument'], wordFlags), 'OpenFileError', /password/],
    ['an encrypted xls', 'locked.xls', () => ole(['Workbook'], filePass), 'OpenFileError', /password/],
    ['an encrypted PDF', 'locked.pdf', () => tinyPdf({ locked: true }), 'OpenFileError', /password/],
    [
      'an encrypted ppt',
      'locked.ppt',
      () => ole(['PowerPoint Document', 'EncryptedSummary']),
      'OpenFileError',
      /password/,
    ],
    [
      'an encrypted odt',
      'locked.odt',
      () => odf('text', '<office:text/>', '<manifest:encryption-data/>'),
      'OpenFileError',
      /password/,
    ],
    ['a page of a kilometre', 'strip.pdf', () => tinyPdf({ size: '60000 50' }), 'OpenFileError', /too large/],
    ['a page of square kilometres', 'vast.pdf', () => tinyPdf({ size: '99999 99999' }), 'OpenFileError', /too large/],
  ];
  it.each(cases)('%s: %s', async (_, key, bytes, code, says) => {
    await put(bucket, key, bytes());
    const task = await converted(bucket, key, `doc/convert,target_png${saveas('out/{index}.png')}`);
    expect(task).toMatchObject({ Status: 'Failed', Code: code, Outputs: [] });
    expect(task.Message).toMatch(says);
    expect(task.Message).not.toMatch(/\/(tmp|home|work|usr)\//);
  });

  it('leave the next document unharmed', async () => {
    await put(bucket, 'fine.docx', docx(''));
    const task = await converted(bucket, 'fine.docx', `doc/convert,target_txt${saveas('fine.txt')}`);
    expect(task.Status).toBe('Succeeded');
  });
});
