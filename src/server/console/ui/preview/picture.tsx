/** Pictures: as they are where browsers know the format, else as a PNG that the server makes. */
import { useState } from 'preact/hooks';
import { oss } from '../../api/oss.ts';
import { Shown } from '../basics.tsx';
import { bytes as amount } from '../numbers.ts';
import { useLoaded } from '../use.ts';
import { Bytes } from './bytes.tsx';
import { AllFacts, Line, NoFacts, useInfo } from './facts.tsx';
import type { Source } from './source.ts';
import { useBlobUrl } from './use-blob-url.ts';
import { w } from './words.ts';

interface Props {
  readonly source: Source;
}

/** The answer of image/info. */
type Info = Readonly<Record<string, { readonly value: string }>>;

export function Picture({ source }: Props) {
  const [isBroken, setBroken] = useState(false);
  const [size, setSize] = useState<string>();
  if (isBroken)
    return (
      <>
        <p class="hint">{w().noPicture}</p>
        <PictureFacts source={source} />
        <Bytes source={source} />
      </>
    );
  return (
    <>
      <figure class="picture">
        <img
          src={source.url}
          alt={source.key}
          decoding="async"
          onLoad={({ currentTarget: { naturalWidth, naturalHeight } }) => setSize(`${naturalWidth} × ${naturalHeight}`)}
          onError={() => setBroken(true)}
        />
      </figure>
      <PictureFacts source={source} {...(size === undefined ? {} : { size })} />
    </>
  );
}

/** A format that browsers do not know. */
export function MadePicture({ source }: Props) {
  const made = useLoaded(
    async (signal) => {
      const { bucket, key } = source;
      const query = { 'x-oss-process': 'image/format,png' };
      return source.canProcess ? (await oss({ method: 'GET', bucket, key, query }, { signal })).blob() : undefined;
    },
    [source],
  );
  const url = useBlobUrl(made.value);
  if (!source.canProcess) return <Picture source={source} />;
  return (
    <>
      <Shown loaded={made}>
        {() => (
          <figure class="picture">
            {url && <img src={url} alt={source.key} />}
            <figcaption class="hint">{w().converted('PNG')}</figcaption>
          </figure>
        )}
      </Shown>
      <PictureFacts source={source} />
    </>
  );
}

/** @param size as the browser sees it, for what the server was not asked about */
function PictureFacts({ source, size }: Props & { readonly size?: string }) {
  // A drawing has no pixels: image/info refuses it.
  const info = useInfo<Info>(source, 'image/info', source.type !== 'image/svg+xml');
  const facts = info.value;
  const value = (name: string) => facts?.[name]?.value;
  const frames = Number(value('FrameCount') ?? 1);
  return (
    <>
      <Line
        parts={[
          facts === undefined ? size : `${value('ImageWidth')} × ${value('ImageHeight')}`,
          (value('Format') ?? source.type.replace('image/', '')).toUpperCase(),
          amount(source.size),
          frames > 1 ? w().frames(frames) : undefined,
        ]}
      />
      {info.error && <NoFacts error={info.error} />}
      {facts && <AllFacts facts={Object.entries(facts).map(([name, fact]) => [name, fact.value])} />}
    </>
  );
}
