// The only file that runs before dependencies exist: plain JavaScript, no import from node_modules, Node >= 20.
import { spawn } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installDependencies } from './launch/dependencies.mjs';
import { isRecentEnough, pinnedNode } from './launch/node-version.mjs';

const root = realpathSync(join(dirname(fileURLToPath(import.meta.url)), '..', '..'));
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

const complain = (sentence) => process.stderr.write(`${sentence}\n`);

/** Runs a program to its end and forwards signals to it; resolves to the exit code a shell would show. */
function run(command, args, env = process.env) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: 'inherit', env });
    const forward = (signal) => child.kill(signal);
    for (const signal of SIGNALS) process.on(signal, forward);
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      for (const name of SIGNALS) process.off(name, forward);
      resolve(code ?? 128 + (constants.signals[signal] ?? 0));
    });
  });
}

async function main() {
  const installed = await installDependencies(root, run);
  if (installed !== 0) return installed;
  const node = pinnedNode(root) ?? (isRecentEnough(process.versions.node) ? process.execPath : undefined);
  if (!node) {
    complain(
      `Slipway needs Node 22.19 or newer and this is ${process.versions.node}: install Node 24 (https://nodejs.org) and run the command again.`,
    );
    return 1;
  }
  const quiet = ['ExperimentalWarning', 'MODULE_TYPELESS_PACKAGE_JSON'].map(
    (name) => `--disable-warning=${name}`,
  );
  return run(node, [...quiet, join('tools', 'bootstrap', 'main.ts'), ...process.argv.slice(2)]);
}

if (!existsSync(join(root, 'package-lock.json'))) {
  complain(
    `package-lock.json is missing in ${root}: check the clone out again (git checkout package-lock.json).`,
  );
  process.exit(1);
}
main().then(
  (code) => process.exit(code),
  (error) => {
    complain(`Slipway could not be started: ${error.message}`);
    process.exit(1);
  },
);
