import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Refusal } from './refusal.ts';

const EXAMPLE = join('libs', 'runtimes', 'nodejs', 'example');

/** Puts the example function where ingest looks for the source of the function `hello`: `{bucket}/{key}`. */
export function putExampleSource(root: string, objects: string): string {
  const source = join(root, EXAMPLE);
  if (!existsSync(source))
    throw new Refusal(
      `The example function is missing (${EXAMPLE}): check it out again, or start with npm start -- --no-demo.`,
    );
  const target = join(objects, 'slipway-sources', 'global', 'parser', 'hello');
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  cpSync(source, target, { recursive: true, filter: (path) => basename(path) !== 'node_modules' });
  return target;
}
