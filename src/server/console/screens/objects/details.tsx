/** What the server says of an object without its content. */
import { aclOf, targetOf } from '../../api/objects.ts';
import { oss } from '../../api/oss.ts';
import { Facts, Shown } from '../../ui/basics.tsx';
import { useLoaded } from '../../ui/use.ts';
import type { Chosen } from './chosen.ts';
import { w } from './words.ts';

const META = 'x-oss-meta-';

/** Of the answer, the connection or this page, not of the object. */
const PASSING =
  /^(date|connection|keep-alive|server|vary|content-security-policy|x-oss-request-id|x-oss-server-time|x-ossite-.*)$/;

async function read({ bucket, name, versionId }: Chosen, signal: AbortSignal) {
  const query: Record<string, string> = versionId === undefined ? {} : { versionId };
  const [head, acl] = await Promise.all([
    oss({ method: 'HEAD', bucket, key: name, query }, { signal }),
    aclOf(bucket, name, versionId, signal),
  ]);
  const headers = [...head.headers].filter(([header]) => !PASSING.test(header));
  const isLink = head.headers.get('x-oss-object-type') === 'Symlink';
  return { headers, acl, target: isLink ? await targetOf(bucket, name, versionId, signal) : undefined };
}

export function Details(chosen: Chosen) {
  const { bucket, name, versionId } = chosen;
  const loaded = useLoaded((signal) => read(chosen, signal), [bucket, name, versionId]);
  return (
    <Shown loaded={loaded}>
      {({ headers, acl, target }) => {
        const meta = headers.filter(([header]) => header.startsWith(META));
        return (
          <>
            <h3>{w().access}</h3>
            <Facts
              facts={[
                [w().acl, acl === 'default' ? w().aclDefault : acl],
                ...(target === undefined ? [] : [[w().target, target] as const]),
              ]}
            />
            <h3>{w().headers}</h3>
            <Facts facts={headers.filter((one) => !meta.includes(one))} />
            <h3>{w().metadata}</h3>
            {meta.length === 0 ? <p class="soft">{w().noMetadata}</p> : <Facts facts={meta} />}
          </>
        );
      }}
    </Shown>
  );
}
