import { useState } from 'preact/hooks';
import { type BucketAcl, bucketAcls, createBucket } from '../../api/objects.ts';
import { Dialog } from '../../ui/basics.tsx';
import { attempt } from '../../ui/say.tsx';
import { common } from '../../ui/words.ts';
import { w } from './words.ts';

/** What OSS takes for the name of a bucket. It has the last word. */
const NAME = /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/;

/** Asks for name and ACL of a bucket. @param taken names that are known to be in use: a PUT would change those */
export function NewBucket({
  taken,
  onMade,
  onClose,
}: {
  readonly taken: readonly string[];
  readonly onMade: () => void;
  readonly onClose: () => void;
}) {
  const [name, setName] = useState('');
  const [acl, setAcl] = useState<BucketAcl>('private');
  const isTaken = taken.includes(name);
  const isBad = name !== '' && (!NAME.test(name) || isTaken);
  const make = async (event: Event) => {
    event.preventDefault();
    if (name === '' || isBad) return;
    if (!(await attempt(() => createBucket(name, acl), w().bucketMade(name)))) return;
    onMade();
    onClose();
  };
  return (
    <Dialog title={w().newBucket} onClose={onClose}>
      <form onSubmit={(event) => void make(event)}>
        <label>
          {w().bucketName}
          <input
            name="bucket"
            value={name}
            autocomplete="off"
            spellcheck={false}
            aria-invalid={isBad ? true : undefined}
            aria-describedby="bucket-rule"
            onInput={(event) => setName(event.currentTarget.value.trim())}
          />
        </label>
        <p id="bucket-rule" class={`hint ${isBad ? 'bad-text' : ''}`}>
          {isTaken ? w().nameTaken : w().nameRule}
        </p>
        <fieldset>
          <legend>{w().acl}</legend>
          {bucketAcls.map((one) => (
            <label key={one}>
              <input type="radio" name="acl" checked={acl === one} onChange={() => setAcl(one)} />
              {w().acls[one]}
            </label>
          ))}
        </fieldset>
        <footer>
          <button type="button" class="secondary" onClick={onClose}>
            {common().cancel}
          </button>
          <button type="submit" disabled={name === '' || isBad}>
            {w().makeBucket}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}
