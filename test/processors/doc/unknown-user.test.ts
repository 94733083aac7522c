/** LibreOffice under a number that stands for no user, as in `docker run --user 12345`. Only root can take one. */
import { execFile } from 'node:child_process';
import { chownSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, expect, it } from 'vitest';
import { fixture } from '../../helpers/ossite.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const NOBODY = 54_321;

/** Whether others may enter a directory and all above it. */
const isOpen = (dir: string): boolean => (statSync(dir).mode & 0o1) === 1 && (dir === '/' || isOpen(dirname(dir)));

const dir = mkdtempSync(join(tmpdir(), 'ossite-unknown-user-test-'));
afterAll(() => rmSync(dir, { recursive: true }));

it.runIf(process.getuid?.() === 0 && isOpen(root))(
  'a user that the machine does not know converts documents',
  async () => {
    writeFileSync(join(dir, 'report.docx'), fixture('report.docx'));
    chownSync(dir, NOBODY, NOBODY);
    const args = [
      join(root, 'src/server/main.ts'),
      'process',
      'report.docx',
      'doc/convert,target_txt',
      '-o',
      'report.txt',
    ];
    // The cache of tsx belongs to whoever ran it first.
    const env = { ...process.env, HOME: dir, TMPDIR: dir, TSX_DISABLE_CACHE: '1' };
    await promisify(execFile)(join(root, 'node_modules/.bin/tsx'), args, { cwd: dir, env, uid: NOBODY, gid: NOBODY });
    expect(readFileSync(join(dir, 'report.txt'), 'utf8').trim().length).toBeGreaterThan(100);
  },
);
