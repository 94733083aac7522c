/** Shows what an object holds, or what a process string makes of it. */
import { useEffect } from 'preact/hooks';
import { Shown } from '../basics.tsx';
import { useLoaded } from '../use.ts';
import { Bytes } from './bytes.tsx';
import { Document } from './document.tsx';
import { kindOf } from './kind.ts';
import { Sound, Video } from './media.tsx';
import { MadePicture, Picture } from './picture.tsx';
import { open, type Source, type Subject } from './source.ts';
import { Html, Json, Text } from './text.tsx';
import { w } from './words.ts';

const views = {
  picture: Picture,
  'made-picture': MadePicture,
  video: Video,
  audio: Sound,
  document: Document,
  html: Html,
  json: Json,
  text: Text,
  bytes: Bytes,
} as const;

/**
 * The content of an object as people look at it: a picture, a player, pages, text, else its bytes.
 * @param of what is shown; `key` can not be a property of its own, it means something else to Preact
 */
export const Preview = ({ of }: { readonly of: Subject }) => (
  // Another object is another preview: nothing of the one before stays.
  <Opened key={JSON.stringify([of.bucket, of.key, of.versionId, of.process])} of={of} />
);

function Opened({ of }: { readonly of: Subject }) {
  const loaded = useLoaded((signal) => open(of, signal), []);
  const { value } = loaded;
  useEffect(() => () => value?.close(), [value]);
  return (
    <div class="preview">
      <Shown loaded={loaded}>{(source) => <View source={source} key={source.url} />}</Shown>
    </div>
  );
}

function View({ source }: { readonly source: Source }) {
  if (source.size === 0) return <p class="soft">{w().empty}</p>;
  const Chosen = views[kindOf(source.type)];
  return <Chosen source={source} />;
}

export type { Subject } from './source.ts';
