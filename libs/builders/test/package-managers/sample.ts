import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ContextEntry } from '@slipway/domain';
import { source } from '../built-example';

const MANIFEST = {
  name: 'sample',
  version: '1.0.0',
  private: true,
  dependencies: { ms: '2.1.3' },
  devDependencies: { 'is-odd': '3.0.1' },
};

/** A lock file of this folder, and the name that it has in a source. */
export type Lock = readonly [file: string, name: string];

/** A function with one dependency, one development dependency that its build script needs, and a lock file. */
export function sampleWith([file, name]: Lock, manifest: Record<string, unknown> = {}): ContextEntry[] {
  return source({
    'parser.js': 'module.exports = ({ wait }) => ({ wait: require("ms")(wait) });',
    'build.js': 'require("node:fs").writeFileSync("built.txt", String(require("is-odd")(3)));',
    'package.json': JSON.stringify({ ...MANIFEST, ...manifest }),
    [name]: readFileSync(join(__dirname, file), 'utf8'),
  });
}
