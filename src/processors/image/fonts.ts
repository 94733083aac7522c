/**
 * The fonts OSS names, and what stands in for those that may not be given away: Pango family lists, of which the first
 * installed one is used, each ending in the font Ossite requires. Machines without the better stand-ins show that one.
 */
const LAST = 'WenQuanYi Zen Hei';

export const DEFAULT_FONT = 'wqy-zenhei';

const families: Readonly<Record<string, string>> = {
  [DEFAULT_FONT]: LAST,
  'wqy-microhei': `WenQuanYi Micro Hei, ${LAST}`,
  // Founder's song, kai, hei and fang-song faces are not free: AR PL UMing is a song face, AR PL UKai a kai face.
  fangzhengshusong: `AR PL UMing CN, ${LAST}`,
  fangzhengkaiti: `AR PL UKai CN, ${LAST}`,
  fangzhengheiti: LAST,
  fangzhengfangsong: `AR PL UMing CN, ${LAST}`,
  droidsansfallback: `Droid Sans Fallback, ${LAST}`,
};

/** Names of the fonts OSS knows. */
export const fontNames: readonly string[] = Object.keys(families);

/** @returns a Pango family list; `undefined` when OSS knows no such font */
export const fontFamilies = (name: string): string | undefined =>
  Object.hasOwn(families, name) ? families[name] : undefined;
