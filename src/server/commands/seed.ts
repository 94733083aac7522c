import { type Put, putSigned } from '../command-line/client.ts';
import { command, endpointOption, type MakeCommand, print } from '../command-line/command.ts';
import { CommandFailed } from '../command-line/failure.ts';
import { readSettings, readSettingsFile } from '../config.ts';
import type { SeedBucket } from '../seed/directory.ts';
import type { AccessKey } from '../setting-kinds.ts';
import { contentOf, writeXml } from '../xml.ts';

const makeSeed: MakeCommand = () =>
  command(
    'seed',
    'Uploads a seed directory (DIR/<bucket>/<key…>, DIR/ossite.yaml) to a running server; what is there is replaced.',
    'ossite seed ./seed',
    'OSSITE_ENDPOINT=http://oss:6770 ossite seed ./seed',
  )
    .argument('<dir>', 'The directory.')
    .addOption(endpointOption())
    .action(run);

async function run(dir: string, { endpoint }: { readonly endpoint: string }): Promise<void> {
  const { readSeed } = await import('../seed/directory.ts');
  const [key] = readSettings({}, process.env, await readSettingsFile(process.env.OSSITE_CONFIG))['access-keys'].slice(
    -1,
  );
  if (key === undefined) throw new CommandFailed('there is no access key to sign with: set OSSITE_ACCESS_KEYS', 2);
  const seeds = await readSeed(dir);
  if (seeds.length === 0) throw new CommandFailed(`there is nothing in ${dir}: DIR/<bucket>/<key…> is uploaded`, 2);
  for (const seed of seeds) {
    await upload(seed, endpoint, key);
    print(`${seed.name}: ${seed.objects.length} objects`);
  }
}

async function upload(
  { name: bucket, description, objects }: SeedBucket,
  endpoint: string,
  key: AccessKey,
): Promise<void> {
  const put = async (where: string, what: Omit<Put, 'bucket'>) => {
    await putSigned(endpoint, key, { bucket, ...what }).catch((error: unknown) => {
      throw error instanceof CommandFailed ? new CommandFailed(`${where}: ${error.message}`, error.exitCode) : error;
    });
  };
  const { acl, storageClass, versioning, styles, configurations } = description;
  const asked =
    storageClass === undefined ? {} : { body: writeXml('CreateBucketConfiguration', [['StorageClass', storageClass]]) };
  await put(`bucket ${bucket}`, { headers: { 'x-oss-acl': acl }, ...asked });
  if (versioning !== undefined) {
    const body = writeXml('VersioningConfiguration', [['Status', versioning]]);
    await put(`bucket ${bucket}`, { query: [['versioning', '']], body });
  }
  for (const [style, content] of Object.entries(styles)) {
    const query = [
      ['style', ''],
      ['styleName', style],
    ] as const;
    await put(`style ${style} of ${bucket}`, { query, body: writeXml('Style', [['Content', content]]) });
  }
  for (const { configuration, document, where } of configurations)
    await put(where, { query: [[configuration.key, '']], body: writeXml(configuration.root, contentOf(document)) });
  for (const { key: name, file, headers, where } of objects) await put(where, { key: name, headers, body: { file } });
}

export default makeSeed;
