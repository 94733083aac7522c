/** Players; a picture and a way on for what browsers do not play. */
import { useState } from 'preact/hooks';
import { oss } from '../../api/oss.ts';
import { href } from '../../app/route.ts';
import { Shown } from '../basics.tsx';
import { bytes as amount, duration } from '../numbers.ts';
import { useLoaded } from '../use.ts';
import { AllFacts, Line, NoFacts, useInfo } from './facts.tsx';
import type { Source } from './source.ts';
import { useBlobUrl } from './use-blob-url.ts';
import { w } from './words.ts';

interface Props {
  readonly source: Source;
}

interface Stream {
  readonly CodecName?: string;
  readonly AverageFrameRate?: string;
  readonly SampleRate?: number;
  readonly ChannelLayout?: string;
}

/** The answer of video/info and audio/info. */
interface Info {
  readonly Duration?: number;
  readonly Bitrate?: number;
  readonly FormatLongName?: string;
  readonly VideoWidth?: number;
  readonly VideoHeight?: number;
  readonly Title?: string;
  readonly Artist?: string;
  readonly VideoStreams?: readonly Stream[];
  readonly AudioStreams?: readonly Stream[];
}

const canPlay = (tag: 'video' | 'audio', type: string): boolean =>
  // Browsers deny QuickTime by its name, and play what most such files hold.
  type === 'video/quicktime' || document.createElement(tag).canPlayType(type) !== '';

export function Video({ source }: Props) {
  const [plays, setPlays] = useState(canPlay('video', source.type));
  return (
    <>
      {plays ? (
        // biome-ignore lint/a11y/useMediaCaption: whatever was uploaded; there are none
        <video controls preload="metadata" src={source.url} aria-label={source.key} onError={() => setPlays(false)} />
      ) : (
        <>
          {source.canProcess && <Frame source={source} />}
          <Convert source={source} text={w().toMp4} process="video/convert,f_mp4,vcodec_h264,acodec_aac" />
        </>
      )}
      <MediaFacts source={source} process="video/info" />
    </>
  );
}

export function Sound({ source }: Props) {
  const [plays, setPlays] = useState(canPlay('audio', source.type));
  return (
    <>
      {plays ? (
        // biome-ignore lint/a11y/useMediaCaption: whatever was uploaded; there are none
        <audio controls preload="metadata" src={source.url} aria-label={source.key} onError={() => setPlays(false)} />
      ) : (
        <Convert source={source} text={w().toMp3} process="audio/convert,f_mp3,acodec_mp3" />
      )}
      <MediaFacts source={source} process="audio/info" />
    </>
  );
}

function Frame({ source: { bucket, key } }: Props) {
  const frame = useLoaded(
    async (signal) => {
      const query = { 'x-oss-process': 'video/snapshot,t_0,f_jpg' };
      return (await oss({ method: 'GET', bucket, key, query }, { signal })).blob();
    },
    [bucket, key],
  );
  const url = useBlobUrl(frame.value);
  // Snapshots take few codecs: that there is no picture is no failure of the page.
  if (frame.error) return <NoFacts error={frame.error} />;
  return (
    <Shown loaded={frame}>{() => <figure class="picture">{url && <img src={url} alt={w().frame} />}</figure>}</Shown>
  );
}

function Convert({ source, text, process }: Props & { readonly text: string; readonly process: string }) {
  const { bucket, key, canProcess } = source;
  if (!canProcess) return <p class="hint">{w().noPlayVersion}</p>;
  return (
    <p>
      {w().noPlay} <a href={href('playground', { bucket, key, process })}>{text}</a>
    </p>
  );
}

function MediaFacts({ source, process }: Props & { readonly process: string }) {
  const info = useInfo<Info>(source, process);
  if (info.error) return <NoFacts error={info.error} />;
  const { value } = info;
  if (value === undefined) return <Line parts={[source.type, amount(source.size)]} />;
  const [picture, sound] = [value.VideoStreams?.[0], value.AudioStreams?.[0]];
  return (
    <>
      <Line
        parts={[
          [value.Artist, value.Title].filter(Boolean).join(' – '),
          value.VideoWidth ? `${value.VideoWidth} × ${value.VideoHeight}` : undefined,
          value.Duration === undefined ? undefined : duration(value.Duration * 1000),
          [picture?.CodecName, sound?.CodecName].filter(Boolean).join(', '),
          rateOf(picture?.AverageFrameRate),
          picture === undefined && sound?.SampleRate ? `${sound.SampleRate / 1000} kHz` : undefined,
          picture === undefined ? sound?.ChannelLayout : undefined,
          value.Bitrate === undefined ? undefined : `${Math.round(value.Bitrate / 1000)} kbit/s`,
          amount(source.size),
        ]}
      />
      <AllFacts facts={factsOf(value)} />
    </>
  );
}

/** `30000/1001` as people say it. */
function rateOf(ratio: string | undefined): string | undefined {
  const [of = 0, by = 0] = (ratio ?? '').split('/').map(Number);
  return by > 0 && of > 0 ? `${Number((of / by).toFixed(2))} fps` : undefined;
}

/** All that was said, those of streams with the stream before them. */
const factsOf = (value: object, path = ''): readonly (readonly [string, string])[] =>
  Object.entries(value).flatMap(([name, one]) =>
    typeof one === 'object' && one !== null
      ? factsOf(one, `${path}${name} `)
      : [[`${path}${name}`, String(one)] as const],
  );
