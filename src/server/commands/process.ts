import { command, type MakeCommand, print } from '../command-line/command.ts';
import { CommandFailed } from '../command-line/failure.ts';
import { progressBar } from '../command-line/progress.ts';
import { readSettings, readSettingsFile } from '../config.ts';

const makeProcess: MakeCommand = () =>
  command(
    'process',
    'Runs a process string on a local file, without a server.',
    "ossite process photo.jpg 'image/resize,w_100/rotate,90' -o small.jpg",
    "ossite process photo.jpg 'image/info'",
    "ossite process report.docx 'doc/convert,target_png' -o 'pages/{index}.{autoext}'",
    "ossite process clip.mp4 'video/convert,f_webm,vcodec_vp9' -o out/",
  )
    .argument('<file>', 'The source. Other objects, such as watermarks, are files of its directory.')
    .argument('<process>', 'The process string, without sys/saveas.')
    .option(
      '-o, --out <path>',
      'A file, a directory, or a template of names with the variables of sys/saveas; absent: standard output.',
    )
    .action(run);

const signals = ['SIGINT', 'SIGTERM'] as const;

async function run(file: string, text: string, { out }: { readonly out?: string }): Promise<void> {
  const settings = readSettings({}, process.env, await readSettingsFile(process.env.OSSITE_CONFIG));
  // Heavy: the other commands do without.
  const { runLocally } = await import('../command-line/run-locally.ts');
  const bar = progressBar(process.stderr);
  const controller = new AbortController();
  const interrupt = () => controller.abort(new CommandFailed('interrupted', 130));
  for (const signal of signals) process.once(signal, interrupt);
  const result = await runLocally({
    ...{ file, process: text, out, settings, signal: controller.signal, progress: bar.show },
    warn: (line) => void process.stderr.write(`ossite: ${line}\n`),
  }).finally(() => {
    bar.clear();
    for (const signal of signals) process.off(signal, interrupt);
  });
  if ('saved' in result) {
    for (const one of result.saved) print(`${one.file} ${one.size} bytes`);
    return;
  }
  if (process.stdout.isTTY && !result.isText)
    throw new CommandFailed('the result is no text: say with -o where it goes', 2);
  process.stdout.write(result.bytes);
  if (process.stdout.isTTY) print('');
}

export default makeProcess;
