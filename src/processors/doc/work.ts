/** What the operations on documents share: the source as it was recognised, what the office makes of it, its PDF. */
import { createHash } from 'node:crypto';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import type { RunContext, Source } from '../operation.ts';
import { importFilters } from './formats.ts';
import { openPdf, type Pdf } from './pdf.ts';
import { type Recognised, recognise } from './sniff.ts';

/** A document that is worked on. */
export interface Work {
  readonly source: Source;
  readonly document: Recognised;
  readonly ctx: RunContext;
}

/**
 * Reads a source.
 * @param extension what it is said to be, in any case, without dot
 * @throws TaskFailure UnsupportedSrcFile, OpenFileError
 */
export async function begin(source: Source, extension: string, ctx: RunContext): Promise<Work> {
  const document = recognise(await readFile(source.file), extension);
  for (const warning of document.warnings) ctx.warn(warning);
  return { source, document, ctx };
}

/** What LibreOffice makes of a document. @throws TaskFailure OpenFileError, ConvertTimeout */
export async function inOffice({ document, ctx }: Work, to: 'pdf' | 'txt' | 'fods'): Promise<Buffer> {
  if (document.content === 'pdf') throw new Error('LibreOffice is not asked to read PDF');
  return ctx.engines.office.convert(document.bytes, {
    to,
    importFilter: importFilters[document.content],
    ...(to === 'txt' ? { exportFilter: 'Text (encoded):UTF8,LF' } : {}),
    signal: ctx.signal,
  });
}

/** The document as a PDF of the run's own. @throws TaskFailure OpenFileError, ConvertTimeout */
export async function pdfOf(work: Work): Promise<Pdf> {
  const { document, source, ctx } = work;
  const pdf = ctx.temp('pdf');
  if (document.content === 'pdf') await copyFile(source.file, pdf);
  else await writeFile(pdf, await inOffice(work, 'pdf'));
  return openPdf(pdf, ctx);
}

/**
 * The document as a PDF to look at. Pages are asked for one after the other, so the PDF is kept and the office asked once.
 * @throws TaskFailure OpenFileError, ConvertTimeout
 */
export async function viewedPdf(work: Work): Promise<Pdf> {
  const { document, source, ctx } = work;
  if (document.content === 'pdf') return openPdf(source.file, ctx);
  const { results } = ctx.engines;
  const digest = createHash('sha256').update(document.bytes).digest('hex');
  // Not a process string: none has a blank in front.
  const purpose = ` ${document.content} to pdf`;
  const earlier = await results.find(digest, purpose);
  const file = ctx.temp('pdf');
  if (earlier !== undefined) {
    await writeFile(file, await earlier.handle.readFile().finally(() => earlier.handle.close()));
    return openPdf(file, ctx);
  }
  const bytes = await inOffice(work, 'pdf');
  await writeFile(file, bytes);
  const pdf = await openPdf(file, ctx);
  // That it could not be kept costs the next request time and nothing else.
  await results.keep(digest, purpose, bytes, 'application/pdf').catch(() => {});
  return pdf;
}
