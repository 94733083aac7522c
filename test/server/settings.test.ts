import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { BadSetting, environmentName, readSettings, readSettingsFile, settingNames } from '../../src/server/config.ts';
import { type Ossite, type OssiteOptions, startOssite } from '../../src/server/index.ts';
import { ossite } from '../helpers/command.ts';
import { fixture, frontDoor, ossError, saveas } from '../helpers/ossite.ts';
import { processesWith } from '../helpers/process.ts';

const dir = mkdtempSync(join(tmpdir(), 'ossite-settings-'));
afterAll(() => rmSync(dir, { recursive: true }));

const running: Ossite[] = [];
afterEach(async () => {
  for (const ossite of running.splice(0)) await ossite.close();
});

async function start(options: OssiteOptions) {
  const ossite = await startOssite({ port: 0, storage: 'memory', log: 'error', ...options });
  running.push(ossite);
  return { ossite, door: frontDoor(ossite.endpoint) };
}

describe('settings', () => {
  it('flag beats environment beats file beats default', () => {
    const environment = { OSSITE_PORT: '2', OSSITE_REGION: 'from-environment' };
    const file = { port: '3', region: 'from-file', workers: '7' };
    expect(readSettings({ port: '1' }, environment, file)).toMatchObject({
      port: 1,
      region: 'from-environment',
      workers: 7,
      auth: 'lenient',
    });
  });

  it('webhooks are named by topic, each once', () => {
    expect(readSettings({ notify: 'a=http://h/p?x=1; *=https://h' }, {}).notify).toEqual([
      { topic: 'a', url: 'http://h/p?x=1' },
      { topic: '*', url: 'https://h' },
    ]);
  });

  it('lists in a file are joined as their flag wants them', async () => {
    const file = join(dir, 'lists.yaml');
    writeFileSync(file, 'notify: ["a=http://h/1,2", "b=http://i"]\naccess-keys: ["k:s", "l:t,u"]\n');
    expect(readSettings({}, {}, await readSettingsFile(file))).toMatchObject({
      notify: [
        { topic: 'a', url: 'http://h/1,2' },
        { topic: 'b', url: 'http://i' },
      ],
      'access-keys': [
        { id: 'k', secret: 's' },
        { id: 'l', secret: 't,u' },
      ],
    });
  });

  it.each(['a', '=http://h', 'a=', 'a=ftp://h', 'a=h', 'a=http://user:secret@h', 'a=http://h;a=http://i'])(
    'a webhook %s stops the start',
    (notify) => {
      expect(() => readSettings({ notify }, {})).toThrow(/--notify must be TOPIC=URL/);
    },
  );

  it('the SDKs’ own variables name a known key', () => {
    const { 'access-keys': keys } = readSettings({}, { OSS_ACCESS_KEY_ID: 'id', OSS_ACCESS_KEY_SECRET: 's:e' });
    expect(keys).toEqual([
      { id: 'ossite', secret: 'ossite-secret' },
      { id: 'id', secret: 's:e' },
    ]);
  });

  it('a file is one mapping, its mistakes are told', async () => {
    const file = join(dir, 'ossite.yaml');
    writeFileSync(file, 'port: 1234\nbuckets: [a-b, "c-d:public-read"]\ndemo: true\n');
    expect(readSettings({}, {}, await readSettingsFile(file))).toMatchObject({
      port: 1234,
      demo: true,
      buckets: [
        { name: 'a-b', acl: 'private' },
        { name: 'c-d', acl: 'public-read' },
      ],
    });
    writeFileSync(file, 'prot: 1\n');
    expect(() => readSettings({}, {}, { prot: '1' })).toThrow(/unknown setting prot/);
    writeFileSync(file, 'buckets:\n  photos: {}\n');
    await expect(readSettingsFile(file)).rejects.toThrow(
      /buckets can not be a mapping; seeded buckets are described in/,
    );
    writeFileSync(file, 'port: [1\n');
    await expect(readSettingsFile(file)).rejects.toThrow(/can not be read: .*line 2/s);
  });

  it.each([
    [{ port: '70000' }, /--port must be an integer from 0 to 65535, not "70000"/],
    [{ demo: 'maybe' }, /--demo must be true or false/],
    [{ 'access-keys': 'nosecret' }, /--access-keys must be id:secret/],
    [{ buckets: 'a-b:world' }, /--buckets must be a bucket name with an optional ACL/],
    [{ buckets: 'My_Photos' }, /--buckets must be a bucket name: 3 to 63 lower-case letters/],
    [{ cnames: 'cdn.example=My_Photos' }, /--cnames must be a bucket name: 3 to 63/],
    [{ cnames: 'cdn.example:80=photos' }, /--cnames must be HOST=BUCKET,… with host names without a port/],
    [{ 'default-bucket': 'My_Photos' }, /--default-bucket must be a bucket name/],
    // Listening on nothing in particular is listening on everything.
    [{ host: '' }, /--host must be an address of this machine/],
    [{ 'data-dir': ' ' }, /--data-dir must be a directory/],
    [{ region: '' }, /--region must be a region such as cn-hangzhou/],
    [
      { hosts: 'localhost,oss:6770' },
      /--hosts must be NAME,… with host names without a port, not "localhost,oss:6770"/,
    ],
    [{ hosts: 'http://oss' }, /--hosts must be/],
    [{ 'callback-key-url': 'key.pem' }, /--callback-key-url must be an http or https URL/],
  ])('%j is refused', (given, message) => expect(() => readSettings(given, {})).toThrow(message));

  it('every setting refuses what it can not be, in one line', () => {
    const free = ['seed-dir', 'namespaces'];
    for (const name of settingNames.filter((one) => !free.includes(one))) {
      const bad = ' =\n';
      const told = ['access-keys', 'sts-tokens'].includes(name) ? '' : ', not " =\\\\n"';
      expect(() => readSettings({ [name]: bad }, {}), name).toThrow(new RegExp(`^--${name} must be [^\\n]+${told}$`));
      expect(() => readSettings({}, { [environmentName(name)]: bad }), name).toThrow(
        `${environmentName(name)} must be`,
      );
      expect(() => readSettings({}, {}, { [name]: bad }), name).toThrow(`${name} in the settings file must be`);
    }
  });

  it('what is empty in a file, or undefined in a program, is not set', async () => {
    const file = join(dir, 'empty.yaml');
    writeFileSync(file, 'region:\nworkers: 3\n');
    expect(readSettings({}, {}, await readSettingsFile(file))).toMatchObject({ region: 'cn-hangzhou', workers: 3 });
    writeFileSync(file, 'buckets: [{ name: photos }]\n');
    await expect(readSettingsFile(file)).rejects.toThrow(`${file}: buckets must be a list of texts`);
    const { door } = await start({ region: undefined, buckets: ['photos'] });
    expect((await door.get('photos', '', { location: '' })).text).toContain('oss-cn-hangzhou<');
  });

  it('a file with the other ending is not overlooked', async () => {
    const here = join(dir, 'misnamed');
    mkdirSync(here);
    writeFileSync(join(here, 'ossite.yml'), 'port: 1\n');
    const { code, stderr } = await ossite(['start'], { cwd: here });
    expect([code, stderr]).toEqual([2, 'ossite: ./ossite.yml must be called ossite.yaml\n']);
  });

  it('a secret is not repeated', () => {
    expect(() => readSettings({ 'access-keys': 'a:hidden;b' }, {})).toThrow(
      /^--access-keys must be id:secret;id:secret$/,
    );
    expect(() => readSettings({ 'sts-tokens': 'a:hidden' }, {})).toThrow(/^(?!.*hidden)/);
  });

  it('what is wrong with a file is told in one line', async () => {
    const file = join(dir, 'broken.yaml');
    for (const text of ['port: [1\n', 'a: 1\na: 2\n', '- port\n', '\tport: 1\n', 'port: {a: 1}\n', '"\n']) {
      writeFileSync(file, text);
      const error = await readSettingsFile(file).catch((caught: Error) => caught);
      expect(error, text).toBeInstanceOf(BadSetting);
      expect((error as Error).message, text).toMatch(new RegExp(`^${file}[^\n]+$`));
    }
  });
});

describe('instances', () => {
  it('several in one process share nothing', async () => {
    const [a, b] = [await start({ buckets: ['only-a'] }), await start({})];
    expect((await a.door.get('only-a', '')).status).toBe(200);
    expect((await b.door.get('only-a', '')).status).toBe(404);
    await a.ossite.close();
    await a.ossite.close();
    expect((await b.door.request('get', '/_ossite/live')).status).toBe(200);
  });

  it('closes at once though a client has opened a connection and said nothing', async () => {
    const { ossite } = await start({});
    const socket = connect(Number(new URL(ossite.endpoint).port), '127.0.0.1');
    await once(socket, 'connect');
    // The server knows of it when it has answered someone who came later.
    await frontDoor(ossite.endpoint).request('get', '/');
    const closed = once(socket, 'close');
    await ossite.close();
    await closed;
  }, 5000);

  it('a seed directory fills buckets; what is there already stays', async () => {
    const seeds = join(dir, 'seeds');
    mkdirSync(join(seeds, 'photos', 'a'), { recursive: true });
    writeFileSync(join(seeds, 'photos', 'a', 'x.txt'), 'seeded');
    const { door } = await start({ seedDir: seeds });
    const { text, headers } = await door.get('photos', 'a/x.txt');
    expect([text, headers['content-type']]).toEqual(['seeded', 'text/plain']);
    mkdirSync(join(seeds, 'Not_A_Bucket'));
    await expect(startOssite({ port: 0, storage: 'memory', seedDir: seeds })).rejects.toThrow(
      /Not_A_Bucket can not be the name of a bucket/,
    );
  });

  it('the demo bucket has what the README’s commands need', async () => {
    const { door } = await start({ demo: true });
    const { text } = await door.get('demo', '');
    for (const name of ['photo.jpg', 'animation.gif', 'clip.mp4', 'song.mp3', 'report.docx'])
      expect(text).toContain(`<Key>${name}</Key>`);
  });

  it('imm=unbound answers media and documents as a bucket without a project', async () => {
    const { door } = await start({ imm: 'unbound', buckets: ['plain'] });
    await door.put('plain', 'clip.mp4', fixture('clip.mp4'));
    await door.put('plain', 'photo.jpg', fixture('photo.jpg'));
    for (const answer of [
      await door.submitted('plain', 'clip.mp4', `video/convert,f_mp4${saveas('x')}`),
      await door.submitted('plain', 'photo.jpg', 'image/deblindwatermark'),
      await door.processed('plain', 'photo.jpg', 'image/blindwatermark,content_QQ'),
    ]) {
      const error = ossError(answer);
      expect(error).toMatchObject({ status: 404, code: 'Imm Client', ec: '0056-00000001' });
      expect(error.message).toContain('ResourceNotFound, The specified resource Attachment is not found.');
    }
    expect((await door.processed('plain', 'photo.jpg', 'image/resize,w_10')).status).toBe(200);
  });

  it('strict-params refuses what media operations do not know, and never what images do not', async () => {
    const { door } = await start({ strictParams: true, buckets: ['plain'] });
    await door.put('plain', 'clip.mp4', fixture('clip.mp4'));
    await door.put('plain', 'photo.jpg', fixture('photo.jpg'));
    const error = ossError(await door.submitted('plain', 'clip.mp4', `video/convert,f_mp4,zz_1${saveas('x')}`));
    expect([error.status, error.message]).toEqual([400, expect.stringContaining('[zz]:is invalid')]);
    expect((await door.processed('plain', 'photo.jpg', 'image/resize,w_10,zz_1')).status).toBe(200);
  });

  it('drain answers 408 while there is something to do, and 200 when nothing is left', async () => {
    const { door } = await start({ encoderPreset: 'slow', buckets: ['plain'] });
    const drain = async (timeout: number) =>
      (await door.request('post', `/_ossite/tasks/drain?timeout=${timeout}`)).status;
    expect(await drain(0)).toBe(200);
    await door.put('plain', 'clip.mp4', fixture('clip.mp4'));
    const submit = () =>
      door.submitted('plain', 'clip.mp4', `video/convert,f_mp4,vcodec_h264,s_1280x720${saveas('out.mp4')}`);
    const { TaskId } = JSON.parse((await submit()).text) as { TaskId: string };
    expect(await drain(0.1)).toBe(408);
    expect(await drain(60)).toBe(200);
    expect(JSON.parse((await door.request('get', `/_ossite/tasks/${TaskId}`)).text)).toMatchObject({
      Status: 'Succeeded',
    });
  });

  it('a task that runs too long is ended with its whole process group', async () => {
    const dataDir = join(dir, 'slow');
    const { door } = await start({
      storage: 'disk',
      dataDir,
      taskTimeout: 1,
      encoderPreset: 'slow',
      buckets: ['plain'],
    });
    await door.put('plain', 'clip.mp4', fixture('clip.mp4'));
    const task = await door.converted(
      'plain',
      'clip.mp4',
      `video/convert,f_mp4,vcodec_h265,s_1920x1080${saveas('out.mp4')}`,
    );
    expect(task).toMatchObject({ Status: 'Failed', Code: 'ConvertTimeout', Attempts: 1 });
    expect(task.Message).toContain('longer than 1 s');
    expect(processesWith(dataDir).filter((line) => line.includes('ffmpeg'))).toEqual([]);
    expect(readdirSync(join(dataDir, 'tmp')).filter((name) => name.startsWith('run-'))).toEqual([]);
    expect((await door.get('plain', 'out.mp4')).status).toBe(404);
  });

  it('a task that writes too much is stopped, and nothing of it remains', async () => {
    const dataDir = join(dir, 'large');
    const { door } = await start({ storage: 'disk', dataDir, maxOutput: 1, buckets: ['plain'] });
    await door.put('plain', 'clip.mp4', fixture('clip.mp4'));
    const lossless = `video/convert,f_mkv,vcodec_h264,crf_0,s_1920x1080${saveas('out.mkv')}`;
    const task = await door.converted('plain', 'clip.mp4', lossless);
    expect(task).toMatchObject({ Status: 'Failed', Code: 'InvalidArgument' });
    expect(task.Message).toBe('The output grew larger than 1 MiB and was stopped; OSSITE_MAX_OUTPUT sets the limit.');
    expect(readdirSync(join(dataDir, 'tmp')).filter((name) => name.startsWith('run-'))).toEqual([]);
    expect((await door.get('plain', 'out.mkv')).status).toBe(404);
  });
});
