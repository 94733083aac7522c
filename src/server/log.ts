import pino, { type Logger } from 'pino';
import type { Settings } from './config.ts';

/** The log goes to standard error: standard output's first line is the ready line that scripts wait for. */
export async function createLog(settings: Settings): Promise<Logger> {
  const options = { level: settings.log, base: {} };
  const pretty = settings['log-format'] === 'pretty' || (settings['log-format'] === 'auto' && process.stderr.isTTY);
  if (!pretty) return pino(options, pino.destination({ dest: 2, sync: true }));
  // In this thread: a worker thread's last lines are lost at exit. Imported only here: it costs 40 ms.
  const { default: pinoPretty } = await import('pino-pretty');
  const stream = pinoPretty({
    destination: 2,
    sync: true,
    translateTime: 'SYS:HH:MM:ss.l',
    hideObject: false,
    ignore: 'method,host,url,status,ms,action,auth,process,code,namespace,fault',
    messageFormat:
      '{if method}{method} {url} {status} {ms} ms {action} {auth} {end}{if code}{code} {end}{if namespace}@{namespace} {end}{if taskId}{taskId} {end}{msg}',
  });
  return pino(options, stream);
}
