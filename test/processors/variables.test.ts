import { describe, expect, it } from 'vitest';
import { fillTemplate, offeredVariables, parseTemplate, type Subject } from '../../src/processors/variables.ts';

const subject: Subject = {
  bucket: 'test-bucket',
  key: 'path1/path2/name.png',
  contentType: 'image/png',
  uploaded: new Date('2022-04-22T14:38:05Z'),
  started: new Date('2023-01-02T03:04:09Z'),
};

function fill(text: string, of: Partial<Subject> = {}, own: Record<string, string> = { autoext: 'jpg' }): string {
  const template = parseTemplate(text, offeredVariables(['index', 'sheetname']));
  if (typeof template === 'string') throw new Error(template);
  return fillTemplate(template, { ...subject, ...of }, own);
}

describe('variables', () => {
  it.each([
    ['{bucket}', 'test-bucket'],
    ['{key}', 'path1/path2/name.png'],
    ['{dirname}/{barename}-x.{ext}', 'path1/path2/name-x.png'],
    ['{basename}', 'name.png'],
    ['{year}{mon}{day}-{hour}{min}{sec}', '20220422-143805'],
    ['{t_year}{t_mon}{t_day}-{t_hour}{t_min}{t_sec}', '20230102-030409'],
    ['x{{y}}.{autoext}', 'x{y}.jpg'],
    ['{{{barename}}}', '{name}'],
  ])('%s becomes %s', (text, expected) => expect(fill(text)).toBe(expected));

  it('a source in the root leaves no leading slash', () => {
    expect(fill('{dirname}/{barename}.x', { key: 'name.png' })).toBe('name.x');
  });

  it.each([
    ['a.tar.gz', 'a.tar', 'gz'],
    ['.env', '.env', 'octets'],
    ['noext', 'noext', 'octets'],
    ['dir.d/noext', 'noext', 'octets'],
  ])('barename and ext of %s', (key, bare, ext) => {
    expect(fill('{barename}', { key })).toBe(bare);
    expect(fill('{ext}', { key, contentType: 'application/octet-stream' })).toBe(ext === 'octets' ? '' : ext);
  });

  it('ext comes from the stored type when the key has none', () => {
    expect(fill('{ext}', { key: 'photo', contentType: 'image/jpeg' })).toBe('jpg');
    expect(fill('{ext}', { key: 'song', contentType: 'audio/mpeg' })).toBe('mp3');
  });

  it.each(['{nope}', '{', '}', '{a', 'a}', '{tags.custom}', '{}', '{filename}', '{resolution}'])(
    '%s is refused',
    (text) => {
      expect(parseTemplate(text, offeredVariables())).toBeTypeOf('string');
    },
  );
});
