import { readFileSync, readdirSync, type Dirent } from 'node:fs';
import { join, relative } from 'node:path';
import { foldersOf } from '../names.ts';
import type { EvidenceTable } from './evidence-table.ts';
import { functionProcesses, jobProcesses } from './processes.ts';

type Members = Record<string, unknown>;

const IMAGE = /^[0-9a-f]{64}$/;

function hasCode(error: unknown, ...codes: string[]): boolean {
  return codes.includes(String((error as NodeJS.ErrnoException).code));
}

/** What lies in the folder; nothing where it was never made. */
export function entriesOf(folder: string, recursive = false): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true, recursive });
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  }
}

function folderNames(folder: string): string[] {
  return entriesOf(folder)
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
}

/** The record's members. One that is missing or damaged has none, and then names nothing that any rule would let pass. */
function record(path: string): Members {
  try {
    return Object(JSON.parse(readFileSync(path, 'utf8'))) as Members;
  } catch (error) {
    if (error instanceof SyntaxError || hasCode(error, 'ENOENT')) return {};
    throw error;
  }
}

/** Folders of Jobs, drafts (`.new-…`) included. */
function jobRow(jobs: string, folder: string): object {
  const { uid, spec } = record(join(jobs, folder, 'job.json'));
  const { buildId, attempt } = Object(spec) as Members;
  return { folder, uid, build_id: buildId, attempt };
}

function* revisionRows(services: string): Iterable<object> {
  for (const service of folderNames(services)) {
    const folder = join(services, service);
    const records = entriesOf(folder).filter((entry) => entry.name.endsWith('.json'));
    const revisions = new Set(records.map((entry) => entry.name.slice(0, -'.json'.length)));
    // What serves is listed even where its own file is gone.
    const current = revisions.delete('current')
      ? String(record(join(folder, 'current.json'))['revision'])
      : undefined;
    if (current !== undefined) revisions.add(current);
    for (const revision of revisions) {
      const { tenant, parser, digest } = record(join(folder, `${revision}.json`));
      yield { service, revision, serving: revision === current, tenant, parser, digest };
    }
  }
}

/** Folders of Jobs that somebody was making; the launcher takes one away that is a minute old. */
export function draftsOf(stateDir: string): string[] {
  return folderNames(foldersOf(stateDir).jobs).filter((name) => name.startsWith('.new-'));
}

/** Digests of the image store. */
export function imagesOf(stateDir: string): string[] {
  return folderNames(foldersOf(stateDir).images).filter((name) => IMAGE.test(name));
}

/** Keys of the context store. */
export function contextKeysOf(stateDir: string): string[] {
  const { contexts } = foldersOf(stateDir);
  return entriesOf(contexts, true)
    .filter((entry) => entry.isFile())
    .map((entry) => relative(contexts, join(entry.parentPath, entry.name)));
}

/** `job_folders`, `job_processes`, `function_processes`, `revisions`, `images` and `context_files`: what the platform `local` holds. */
export function platformTables(stateDir: string): EvidenceTable[] {
  const { jobs, services } = foldersOf(stateDir);
  return [
    {
      name: 'job_folders',
      columns: { folder: 'text', uid: 'text', build_id: 'text', attempt: 'int' },
      rows: folderNames(jobs).map((folder) => jobRow(jobs, folder)),
    },
    {
      name: 'job_processes',
      columns: { pid: 'int', job: 'text', supervisor: 'boolean' },
      rows: jobProcesses(stateDir),
    },
    {
      name: 'function_processes',
      columns: { pid: 'int', service: 'text', kept: 'boolean' },
      rows: functionProcesses(stateDir),
    },
    {
      name: 'revisions',
      columns: {
        service: 'text',
        revision: 'text',
        serving: 'boolean',
        tenant: 'text',
        parser: 'text',
        digest: 'text',
      },
      rows: revisionRows(services),
    },
    {
      name: 'images',
      columns: { digest: 'text' },
      rows: imagesOf(stateDir).map((hex) => ({ digest: `sha256:${hex}` })),
    },
    {
      name: 'context_files',
      columns: { key: 'text' },
      rows: contextKeysOf(stateDir).map((key) => ({ key })),
    },
  ];
}
