import { closeSync, createReadStream, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { constants, createGunzip } from 'node:zlib';
import type { Observed, Traces } from '../../lib/observed.ts';
import { foldersOf } from '../names.ts';
import type { EvidenceTable } from './evidence-table.ts';
import { contextKeysOf, entriesOf, imagesOf } from './local-platform.ts';
import { ByteSearch, secretsInText, spellingsOf, type Spelling } from './secret-search.ts';

/** Where a secret was found; without a secret: what could not be searched, and why. */
interface Leak {
  place: string;
  secret?: number;
  problem?: string;
}

const CHUNK = 256 * 1024;

function leaksAt(place: string, found: Iterable<number>): Leak[] {
  return [...found].map((secret) => ({ place, secret }));
}

function* leaksInEvents({ events }: Observed, spellings: readonly Spelling[]): Iterable<Leak> {
  for (const event of events) {
    yield* leaksAt(`the received event ${event.id}`, secretsInText(JSON.stringify(event), spellings));
  }
}

/** Synchronous: a stream for each of ten thousand small files costs many times as much, and nobody else waits here. */
function secretsInFile(path: string, spellings: readonly Spelling[], buffer: Buffer): Set<number> {
  const search = new ByteSearch(spellings);
  const file = openSync(path, 'r');
  try {
    for (let read = readSync(file, buffer); read > 0; read = readSync(file, buffer)) {
      search.add(buffer.subarray(0, read));
    }
  } finally {
    closeSync(file);
  }
  return search.found;
}

function* leaksInImages(stateDir: string, spellings: readonly Spelling[]): Iterable<Leak> {
  const { images } = foldersOf(stateDir);
  const buffer = Buffer.alloc(CHUNK);
  for (const image of imagesOf(stateDir)) {
    for (const entry of entriesOf(join(images, image), true)) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      yield* leaksAt(`the image file ${path}`, secretsInFile(path, spellings, buffer));
    }
  }
}

async function leaksInArchive(path: string, spellings: readonly Spelling[]): Promise<Leak[]> {
  const place = `the context ${path}`;
  const search = new ByteSearch(spellings);
  // What was left by a writer that was killed ends too early, and is searched as far as it goes.
  const gunzip = createGunzip({ finishFlush: constants.Z_SYNC_FLUSH });
  const source = createReadStream(path).on('error', (error) => gunzip.destroy(error));
  try {
    for await (const piece of source.pipe(gunzip)) search.add(piece as Buffer);
  } catch (error) {
    return [...leaksAt(place, search.found), { place, problem: (error as Error).message }];
  }
  return leaksAt(place, search.found);
}

async function* leaks({ stateDir, secrets }: Traces, observed: Observed): AsyncIterable<Leak> {
  const spellings = spellingsOf(secrets);
  yield* leaksInEvents(observed, spellings);
  yield* leaksInImages(stateDir, spellings);
  const { contexts } = foldersOf(stateDir);
  for (const key of contextKeysOf(stateDir)) yield* await leaksInArchive(join(contexts, key), spellings);
}

/** `secret_spellings` for what the ledger holds, and `leaks`: what was found everywhere else. */
export function secretTables(traces: Traces, observed: Observed): EvidenceTable[] {
  return [
    {
      name: 'secret_spellings',
      columns: { number: 'int', text: 'text' },
      rows: spellingsOf(traces.secrets),
    },
    {
      name: 'leaks',
      columns: { place: 'text', secret: 'int', problem: 'text' },
      rows: leaks(traces, observed),
    },
  ];
}
