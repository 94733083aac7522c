/** The secret: not quite the right one, or somebody else's. */
import type { Settings } from '../../config.ts';
import type { AccessKey } from '../../setting-kinds.ts';
import { FEW } from './suspect.ts';

export interface OtherSecret {
  readonly cause: string;
  readonly sentence: string;
  readonly secret: string;
}

/** Secrets that a client may have signed with, beside the right one. No sentence says one. */
export function otherSecrets(
  key: AccessKey,
  settings: Pick<Settings, 'access-keys' | 'sts-tokens'>,
): readonly OtherSecret[] {
  return [...candidates(key, settings)].filter(({ secret }) => secret !== key.secret);
}

function* candidates(
  { id, secret }: AccessKey,
  settings: Pick<Settings, 'access-keys' | 'sts-tokens'>,
): Generator<OtherSecret> {
  const blanks = 'The client’s secret has a blank or an end of line at one of its ends, as one read from a file has.';
  for (const other of [`${secret}\n`, `${secret}\r\n`, `${secret} `, ` ${secret}`, secret.trim()])
    yield { cause: 'secret-with-blanks', sentence: blanks, secret: other };
  for (const quote of ['"', "'"])
    yield {
      cause: 'secret-in-quotes',
      sentence: 'The client’s secret has quotes around it, which belong to a file or a shell.',
      secret: `${quote}${secret}${quote}`,
    };
  const others = [...settings['access-keys'], ...settings['sts-tokens']].filter((key) => key.id !== id);
  for (const other of others.slice(0, FEW))
    yield {
      cause: 'secret-of-another-key',
      sentence: `The client signed with the secret of the access key ${other.id}, and its id is ${id}.`,
      secret: other.secret,
    };
  yield {
    cause: 'id-and-secret-swapped',
    sentence: 'The client signed with the id in the place of the secret.',
    secret: id,
  };
  yield { cause: 'secret-empty', sentence: 'The client signed with an empty secret.', secret: '' };
}
