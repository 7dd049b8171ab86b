import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Says whether what npm recorded as installed (`node_modules/.package-lock.json`) is what the lock asks for. This
 * also accepts an install that somebody made by hand, so that it is not thrown away and made again.
 */
export function matchesLock(lock, installed) {
  const wanted = lock.packages;
  const present = installed.packages;
  return (
    Object.entries(present).every(([path, { version }]) => wanted[path]?.version === version) &&
    Object.entries(wanted).every(([path, { optional }]) => path === '' || optional || path in present)
  );
}

function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    // npm writes this file last: a broken or missing one means an install that did not end, and is made again.
    if (error.code === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Makes node_modules equal to the lock file with `npm ci` where it is not. Resolves to npm's exit code, 0 when current. */
export async function installDependencies(root, run) {
  const lockText = readFileSync(join(root, 'package-lock.json'));
  const hash = createHash('sha256').update(lockText).digest('hex');
  const stamp = join(root, 'node_modules', '.slipway-lock-hash');
  const installed = readJson(join(root, 'node_modules', '.package-lock.json'));
  if (installed && existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return 0;
  if (!installed || !matchesLock(JSON.parse(lockText), installed)) {
    const started = Date.now();
    process.stdout.write('… Dependencies: npm ci (about a minute the first time)\n');
    const npm = process.env.npm_execpath;
    const code = npm ? await run(process.execPath, [npm, 'ci']) : await run('npm', ['ci']);
    if (code !== 0) {
      process.stderr.write(
        'The dependencies could not be installed: npm ci failed, its message stands above.\n',
      );
      return code;
    }
    process.stdout.write(`✔ Dependencies (${((Date.now() - started) / 1000).toFixed(1)} s)\n`);
  }
  writeFileSync(stamp, hash);
  return 0;
}
