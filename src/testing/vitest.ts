/**
 * Matchers for vitest: `import 'ossite/vitest'` in a test or a set-up file, then `await expect(bytes).toBeImage({ width: 100 })`.
 * They decode what they are given. `toBeMedia` needs ffprobe, `toBePdf` poppler's pdfinfo and pdftotext.
 */
import { expect } from 'vitest';
import { around, judge, same, unreadable, type Verdict } from './expectations.ts';
import { differenceOf, readImage, readMedia, readPdf } from './media-facts.ts';

export interface ImageWish {
  /** `jpeg`, `png`, `webp`, `gif`, `avif`, `heif`, `tiff`, … */
  readonly format?: string;
  /** Pixels; of one frame where there are several. */
  readonly width?: number;
  readonly height?: number;
  /** Frames of an animation. */
  readonly pages?: number;
  /** A picture that it must look like, whatever its size and format. */
  readonly near?: Uint8Array;
  /** How different it may look from `near`, from 0 to 1; 0.03 when absent. */
  readonly within?: number;
}

export interface MediaWish {
  /** One of ffmpeg's names of the container: `mp4`, `matroska`, `mp3`, … */
  readonly format?: string;
  /** `codec` in OSS's words (`h264`, `h265`, `vp9`); sizes in pixels; `fps` may be off by a hundredth. */
  readonly video?:
    | { readonly codec?: string; readonly width?: number; readonly height?: number; readonly fps?: number }
    | false;
  /** `rate` in Hz. `false`: there must be none. */
  readonly audio?: { readonly codec?: string; readonly rate?: number; readonly channels?: number } | false;
  /** Seconds. */
  readonly duration?: number;
  /** Seconds by which the duration may be off; 0.1 when absent. */
  readonly within?: number;
}

export interface PdfWish {
  readonly pages?: number;
  /** Must occur in it; blanks and line ends count as one blank. */
  readonly text?: string | RegExp;
}

/** What two encoders make of the same picture differs by less. */
const NEAR = 0.03;
/** A frame of sound more or less is no mistake. */
const SECONDS = 0.1;
const FPS = 0.01;

async function toBeImage(bytes: Uint8Array, wish: ImageWish = {}): Promise<Verdict> {
  try {
    const facts = await readImage(bytes);
    const { near, within = NEAR } = wish;
    const difference = near === undefined ? 0 : await differenceOf(bytes, near);
    return judge(
      'an image',
      [
        ...same('format', wish.format === 'jpg' ? 'jpeg' : wish.format, facts.format),
        ...same('width', wish.width, facts.width),
        ...same('height', wish.height, facts.height),
        ...same('pages', wish.pages, facts.pages),
        ...around('difference to near', near === undefined ? undefined : 0, difference, within),
      ],
      facts,
    );
  } catch (error) {
    return unreadable('an image', bytes, error);
  }
}

async function toBeMedia(bytes: Uint8Array, wish: MediaWish = {}): Promise<Verdict> {
  try {
    const facts = await readMedia(bytes);
    const { format, video, audio, duration, within = SECONDS } = wish;
    const [picture, sound] = [facts.video, facts.audio];
    return judge(
      'media',
      [
        ...(format === undefined || facts.formats.includes(format)
          ? []
          : same('format', format, facts.formats.join(','))),
        ...(video === undefined ? [] : same('video', video !== false, picture !== undefined)),
        ...(video && picture
          ? [
              ...same('video.codec', video.codec, picture.codec),
              ...same('video.width', video.width, picture.width),
              ...same('video.height', video.height, picture.height),
              ...around('video.fps', video.fps, picture.fps, FPS),
            ]
          : []),
        ...(audio === undefined ? [] : same('audio', audio !== false, sound !== undefined)),
        ...(audio && sound
          ? [
              ...same('audio.codec', audio.codec, sound.codec),
              ...same('audio.rate', audio.rate, sound.rate),
              ...same('audio.channels', audio.channels, sound.channels),
            ]
          : []),
        ...around('duration', duration, facts.duration, within),
      ],
      facts,
    );
  } catch (error) {
    return unreadable('media', bytes, error);
  }
}

async function toBePdf(bytes: Uint8Array, { pages, text }: PdfWish = {}): Promise<Verdict> {
  try {
    const facts = await readPdf(bytes);
    const holds = text === undefined || (typeof text === 'string' ? facts.text.includes(text) : text.test(facts.text));
    return judge(
      'a PDF',
      [
        ...same('pages', pages, facts.pages),
        ...(holds ? [] : [{ name: 'text', wanted: String(text), found: facts.text.slice(0, 200), right: false }]),
      ],
      { pages: facts.pages, text: facts.text.slice(0, 200) },
    );
  } catch (error) {
    return unreadable('a PDF', bytes, error);
  }
}

expect.extend({ toBeImage, toBeMedia, toBePdf });

/** Of bytes, and each to be awaited: they are decoded. */
interface OssiteMatchers<T> {
  /** The bytes are a picture, and one like that. */
  toBeImage: T extends Uint8Array ? (wish?: ImageWish) => Promise<void> : never;
  /** The bytes are video or sound, and like that. */
  toBeMedia: T extends Uint8Array ? (wish?: MediaWish) => Promise<void> : never;
  /** The bytes are a PDF, and one like that. */
  toBePdf: T extends Uint8Array ? (wish?: PdfWish) => Promise<void> : never;
}

declare module 'vitest' {
  interface Matchers<T> extends OssiteMatchers<T> {}
}
