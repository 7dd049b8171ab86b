import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The oldest version that both strips types by default and carries the dependencies (undici 8 sets 22.19). */
const OLDEST = [22, 19];

/** Says whether a version such as `24.21.0` can run Slipway. */
export function isRecentEnough(version) {
  const [major, minor] = version.split('.').map(Number);
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
}

/** The Node that the lock file pins; it exists as a package for Linux x64 only. */
export function pinnedNode(root) {
  const path = join(root, 'node_modules', '.bin', 'node');
  return process.platform === 'linux' && process.arch === 'x64' && existsSync(path) ? path : undefined;
}
