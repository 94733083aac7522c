/**
 * `ossite.yaml` of a seed directory: what its buckets and objects are beside their bytes. Whatever a bucket can have one of
 * (`cors`, `website`, `lifecycle`, …) is written as the XML of OSS would be, with its element names as keys.
 */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type BucketAcl, bucketAcls } from '../../store/bucket-acl.ts';
import { storageClasses } from '../../store/buckets.ts';
import { isBucketName } from '../../store/names.ts';
import { objectAcls } from '../../store/objects.ts';
import type { Configuration } from '../configuration.ts';
import { loadConfigurations } from '../router.ts';
import { isStyleName } from '../styles.ts';
import type { XmlElement } from '../xml.ts';
import { entriesOf, itemsOf, type Place, readYaml, textOf, textsOf, wordOf, wrong } from './yaml-tree.ts';

/** Headers, in OSS's words and lower case, of the objects whose keys fit. */
export interface ObjectRule {
  /** `*` stands for any text, `/` included, and `?` for one character. */
  readonly match: string;
  readonly headers: Readonly<Record<string, string>>;
  /** For messages. */
  readonly where: string;
}

export interface BucketDescription {
  readonly acl: BucketAcl;
  readonly storageClass: string | undefined;
  readonly versioning: 'Enabled' | 'Suspended' | undefined;
  /** Contents by name. */
  readonly styles: Readonly<Record<string, string>>;
  readonly configurations: readonly {
    readonly configuration: Configuration;
    readonly document: XmlElement;
    readonly where: string;
  }[];
  /** All that fit are applied in order, the last word counts. */
  readonly objects: readonly ObjectRule[];
}

/** Of a bucket that is not described. */
export const plainBucket: BucketDescription = {
  acl: 'private',
  storageClass: undefined,
  versioning: undefined,
  styles: {},
  configurations: [],
  objects: [],
};

export const DESCRIPTION = 'ossite.yaml';

/** Buckets by name. @throws BadSetting naming file, line and key */
export async function readDescription(dir: string): Promise<ReadonlyMap<string, BucketDescription>> {
  const file = join(dir, DESCRIPTION);
  if (!existsSync(file)) return new Map();
  const whole = await readYaml(file, await readFile(file, 'utf8'));
  // Those a bucket has one of; the others are told apart by an id.
  const configurations = (await loadConfigurations()).filter(({ target, id }) => target === undefined && !id);
  const buckets = entriesOf(whole, ['buckets']).flatMap(([, place]) => entriesOf(place));
  return new Map(
    buckets.map(([name, place]) => {
      if (!isBucketName(name)) wrong(place, 'can not be the name of a bucket');
      return [name, describeBucket(place, configurations)];
    }),
  );
}

const ownKeys = ['acl', 'storage-class', 'versioning', 'styles', 'objects'] as const;

function describeBucket(place: Place, configurations: readonly Configuration[]): BucketDescription {
  const known = [...ownKeys, ...configurations.map(({ key }) => key)];
  const values = new Map(entriesOf(place, known));
  const read = <T>(key: (typeof ownKeys)[number], reader: (at: Place) => T): T | undefined => {
    const at = values.get(key);
    return at === undefined ? undefined : reader(at);
  };
  return {
    acl: read('acl', (at) => wordOf(at, bucketAcls)) ?? 'private',
    storageClass: read('storage-class', (at) => wordOf(at, storageClasses)),
    versioning: read('versioning', (at) => wordOf(at, ['Enabled', 'Suspended'])),
    styles: read('styles', stylesIn) ?? {},
    configurations: configurations.flatMap((configuration) => {
      const at = values.get(configuration.key);
      if (at === undefined) return [];
      const [document] = elementsOf(configuration.root, at);
      return document === undefined
        ? wrong(at, 'must be a mapping')
        : [{ configuration, document, where: `${at.where}: ${at.path}` }];
    }),
    objects: read('objects', (at) => itemsOf(at).map(ruleOf)) ?? [],
  };
}

function stylesIn(place: Place): Readonly<Record<string, string>> {
  for (const [name, at] of entriesOf(place)) if (!isStyleName(name)) wrong(at, 'can not be the name of a style');
  return textsOf(place);
}

/** YAML as the elements it stands for: a list is an element repeated. */
function elementsOf(name: string, { content }: Place): readonly XmlElement[] {
  if ('list' in content) return content.list.flatMap((item) => elementsOf(name, item));
  if ('scalar' in content) return [{ name, text: String(content.scalar ?? ''), children: [] }];
  return [{ name, text: '', children: content.map.flatMap(([child, value]) => elementsOf(child, value)) }];
}

function ruleOf(place: Place): ObjectRule {
  const readers: Readonly<Record<string, (at: Place) => Readonly<Record<string, string>>>> = {
    headers: (at) => withPrefix('', textsOf(at)),
    'content-type': (at) => ({ 'content-type': textOf(at) }),
    meta: (at) => withPrefix('x-oss-meta-', textsOf(at)),
    acl: (at) => ({ 'x-oss-object-acl': wordOf(at, objectAcls) }),
    'storage-class': (at) => ({ 'x-oss-storage-class': wordOf(at, storageClasses) }),
    tags: (at) => ({ 'x-oss-tagging': new URLSearchParams(textsOf(at)).toString() }),
  };
  const entries = entriesOf(place, ['match', ...Object.keys(readers)]);
  const match = entries.find(([key]) => key === 'match')?.[1];
  return {
    match: match === undefined ? '*' : textOf(match),
    headers: Object.assign({}, ...entries.map(([key, at]) => readers[key]?.(at) ?? {})),
    where: `${place.where}: ${place.path}`,
  };
}

const withPrefix = (prefix: string, values: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [`${prefix}${name.toLowerCase()}`, value]));
