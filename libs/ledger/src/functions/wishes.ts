import { DEPLOY_OPTION_KEYS, type DeployOptions } from '@slipway/domain';
import type { DeployData } from '@slipway/contracts';
import { sql } from 'kysely';
import { json, oneRow, type Tx } from '../database/database';
import { schedule } from '../due-work/due-work';
import type { BuildRow } from '../builds/build-row';

/** An option of a function and the sequence of the wish that set it; a value of null means the default. */
type StoredOptions = Partial<Record<keyof DeployOptions, { sequence: number; value: unknown }>>;

export interface FunctionRow {
  tenant: string;
  parser: string;
  service: string;
  counter: number;
  code_sequence: number;
  code_build_id: string | null;
  code_artifact: BuildRow['artifact'];
  options: StoredOptions;
  deleted_sequence: number;
  /** The highest sequence among the wishes. */
  wish_sequence: number;
  /** Raised by each wish, whatever its sequence: a build that ends late changes the row without being the newest. */
  wish_version: number;
  /** The version that the platform was last made to match. */
  applied_version: number;
  applied_status: 'none' | 'ready' | 'failed' | 'deleted';
  applied_revision: string | null;
  applied_build_id: string | null;
  applied_digest: string | null;
  applied_cause: BuildRow['cause'];
  url: string | null;
  version: number;
  updated_at: Date;
}

/** Each key compares only its own sequence, so an update during a build loses nothing. */
function mergeOptions(
  stored: StoredOptions,
  wished: DeployData | undefined,
  sequence: number,
): StoredOptions {
  const merged: StoredOptions = { ...stored };
  for (const key of DEPLOY_OPTION_KEYS) {
    const value = wished?.[key];
    if (value !== undefined && (merged[key]?.sequence ?? 0) < sequence) merged[key] = { sequence, value };
  }
  return merged;
}

/** The options as they hold now: what was never set or was set back is absent. What a delete voided is absent too. */
export function effectiveOptions(row: Pick<FunctionRow, 'options' | 'deleted_sequence'>): DeployOptions {
  const options: Record<string, unknown> = {};
  for (const [key, entry] of Object.entries(row.options)) {
    if (entry.value !== null && entry.sequence > row.deleted_sequence) options[key] = entry.value;
  }
  return options as DeployOptions;
}

export async function lockedFunction(
  tx: Tx,
  tenant: string,
  parser: string,
): Promise<FunctionRow | undefined> {
  return oneRow<FunctionRow>(
    tx,
    sql`select * from functions where tenant = ${tenant} and parser = ${parser} for update`,
  );
}

async function writeWish(tx: Tx, row: FunctionRow, options: StoredOptions, sequence: number): Promise<void> {
  await sql`update functions set options = ${json(options)}, wish_sequence = greatest(wish_sequence, ${sequence}),
    wish_version = wish_version + 1,
    version = version + 1, updated_at = clock_timestamp() where tenant = ${row.tenant} and parser = ${row.parser}`.execute(
    tx,
  );
  await schedule(tx, 'deploy', [{ key: `${row.tenant}/${row.parser}`, tenant: row.tenant }]);
}

/** Writes a success as the function's new code, unless a newer wish has set or deleted it. Asks for the deployment. */
export async function recordCode(tx: Tx, build: BuildRow): Promise<void> {
  if (build.stop_after !== 'service' || !build.artifact) return;
  const row = await lockedFunction(tx, build.tenant, build.parser);
  if (!row || row.deleted_sequence > build.sequence) return;
  if (row.code_sequence < build.sequence) {
    await sql`update functions set code_sequence = ${build.sequence}, code_build_id = ${build.build_id},
      code_artifact = ${json(build.artifact)} where tenant = ${row.tenant} and parser = ${row.parser}`.execute(
      tx,
    );
  }
  await writeWish(tx, row, mergeOptions(row.options, build.request.deploy, build.sequence), build.sequence);
}

/** Writes new options under their own sequence. */
export async function recordOptions(
  tx: Tx,
  row: FunctionRow,
  wished: DeployData,
  sequence: number,
): Promise<void> {
  await writeWish(tx, row, mergeOptions(row.options, wished, sequence), sequence);
}

/** Voids everything below the sequence. */
export async function recordDelete(tx: Tx, row: FunctionRow, sequence: number): Promise<void> {
  await sql`update functions set deleted_sequence = greatest(deleted_sequence, ${sequence})
    where tenant = ${row.tenant} and parser = ${row.parser}`.execute(tx);
  await writeWish(tx, row, row.options, sequence);
}
