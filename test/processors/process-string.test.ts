import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatProcess, parseProcess, type Words } from '../../src/processors/process-string.ts';

const words: Words = {
  isAction: (category, word) =>
    ({ image: ['resize', 'watermark', 'rotate'], video: ['concat', 'pre', 'sur'], sys: ['saveas', 'notify'] })[
      category
    ]?.includes(word) ?? false,
  isBase64: (_category, action, key) =>
    ({ watermark: ['text', 'image'], saveas: ['o', 'b'], notify: ['topic'], pre: ['o'], sur: ['o'] })[action]?.includes(
      key,
    ) ?? false,
};

/** `category/name(token;token)/name(…)` for each segment: short to write, and it shows where the cuts are. */
const shape = (text: string) =>
  parseProcess(text, words).map((segment) =>
    segment.kind === 'style'
      ? `style:${segment.name}`
      : [
          segment.category,
          ...segment.actions.map(({ name, tokens }) => `${name}(${tokens.map(({ text }) => text).join(';')})`),
        ].join('/'),
  );

describe('the grammar', () => {
  it.each<[string, string[]]>([
    ['image/resize,w_100', ['image/resize(w_100)']],
    ['image/resize,w_100/rotate,90', ['image/resize(w_100)/rotate(90)']],
    ['image/resize,w_1|image/resize,h_2', ['image/resize(w_1)', 'image/resize(h_2)']],
    // Empty tokens, a trailing comma, a trailing slash (image.md §1.1).
    [
      'image/watermark,text_aGk,,color_ff6a00,|sys/saveas,o_dA',
      ['image/watermark(text_aGk;color_ff6a00)', 'sys/saveas(o_dA)'],
    ],
    ['image/resize,w_100/', ['image/resize(w_100)']],
    ['image/', ['image']],
    ['style/thumb|sys/saveas,o_dA', ['style:thumb', 'sys/saveas(o_dA)']],
    ['style/::h264-mp4-1080p', ['style:::h264-mp4-1080p']],
    // Not a category: the planner says what is wrong with it.
    ['test', ['/test()']],
    ['image/resize,w_1|saveas,o_dA', ['image/resize(w_1)', '/saveas(o_dA)']],
    ['image/resize,w_1|notify,topic_dA', ['image/resize(w_1)', '/notify(topic_dA)']],
    // A slash inside a standard-alphabet Base64 value does not separate, except before a known action and its end.
    ['image/watermark,text_ab/cd+e==,x_1/rotate,90', ['image/watermark(text_ab/cd+e==;x_1)/rotate(90)']],
    ['image/watermark,text_ab/rotate,90', ['image/watermark(text_ab)/rotate(90)']],
    ['image/watermark,text_ab/rotateX,90', ['image/watermark(text_ab/rotateX;90)']],
    ['image/watermark,text_aGk=/', ['image/watermark(text_aGk=)']],
    ['sys/saveas,o_a/b/c,b_d/e', ['sys/saveas(o_a/b/c;b_d/e)']],
    ['sys/saveas,o_a/notify,topic_b', ['sys/saveas(o_a)/notify(topic_b)']],
    ['sys/saveas,o_a/notify', ['sys/saveas(o_a)/notify()']],
    ['video/concat,f_mp4/pre,o_a/b/sur,o_c,t_1', ['video/concat(f_mp4)/pre(o_a/b)/sur(o_c;t_1)']],
    // Elsewhere a slash always separates.
    ['image/resize,w_1/2', ['image/resize(w_1)/2()']],
    // A line end behind it all belongs to the transport.
    ['image/resize,w_100\r\n', ['image/resize(w_100)']],
    ['', []],
  ])('%s', (text, expected) => expect(shape(text)).toEqual(expected));

  it('splits a token at its first underscore only', () => {
    const [segment] = parseProcess('image/watermark,image_cGljcy9Lb2FsYS5qcGc_eC1vc3M', words);
    expect(segment?.kind === 'actions' && segment.actions[0]?.tokens[0]).toEqual({
      text: 'image_cGljcy9Lb2FsYS5qcGc_eC1vc3M',
      key: 'image',
      value: 'cGljcy9Lb2FsYS5qcGc_eC1vc3M',
      at: { start: 16, end: 49 },
    });
  });

  it('knows where everything stands', () => {
    const text = 'image/watermark,text_ab/cd==,,x_1/rotate,90|style/中|sys/saveas,o_a/b/notify,topic_c\r\n';
    const spans = parseProcess(text, words).flatMap((segment) => [
      segment.at,
      ...(segment.kind === 'style'
        ? []
        : segment.actions.flatMap(({ at, tokens }) => [at, ...tokens.map((t) => t.at)])),
    ]);
    expect(spans.map(({ start, end }) => text.slice(start, end))).toEqual([
      'image/watermark,text_ab/cd==,,x_1/rotate,90',
      'watermark,text_ab/cd==,,x_1',
      'text_ab/cd==',
      'x_1',
      'rotate,90',
      '90',
      'style/中',
      'sys/saveas,o_a/b/notify,topic_c',
      'saveas,o_a/b',
      'o_a/b',
      'notify,topic_c',
      'topic_c',
    ]);
  });

  it('writes back what it read', () => {
    const word = fc.stringMatching(/^[a-z]{1,8}$/);
    const token = fc.tuple(word, fc.stringMatching(/^[A-Za-z0-9-]{1,8}$/)).map(([key, value]) => `${key}_${value}`);
    const action = fc
      .tuple(word, fc.array(token, { maxLength: 3 }))
      .map(([name, tokens]) => [name, ...tokens].join(','));
    const segment = fc
      .tuple(fc.constantFrom('image', 'video'), fc.array(action, { minLength: 1, maxLength: 3 }))
      .map(([c, a]) => [c, ...a].join('/'));
    fc.assert(
      fc.property(fc.array(segment, { minLength: 1, maxLength: 3 }), (segments) => {
        const text = segments.join('|');
        expect(formatProcess(parseProcess(text, words))).toBe(text);
      }),
    );
  });

  it('writes a directive without a category as it was, so that a slash in its Base64 stays one', () => {
    const text = 'video/convert,f_mp4|notify,topic_Pz8/Pj4=';
    const [, before] = parseProcess(text, words);
    const written = formatProcess(parseProcess(text, words));
    expect(written).toBe(text);
    expect(parseProcess(written, words)[1]).toEqual(before);
  });

  it('reads anything without failing', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'image/resize,w_|=+%{}sysaveo\n中') }),
        (text) => void parseProcess(text, words),
      ),
    );
  });
});
