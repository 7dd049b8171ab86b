import type { Cause, DeploymentStatus } from '@slipway/domain';
import { sql } from 'kysely';
import { oneRow, rows, type Database } from '../database/database';
import type { BuildRow } from '../builds/build-row';
import type { FunctionRow } from '../functions/wishes';

export interface DeploymentOfBuild {
  status: DeploymentStatus;
  url?: string;
  revision?: string;
  cause?: Cause;
}

/** Where a build's deployment stands, derived from the function's row (architecture §3 rule 9). */
export function deploymentOf(build: BuildRow, row: FunctionRow | undefined): DeploymentOfBuild {
  if (build.stop_after !== 'service' || build.status !== 'succeeded' || !row) return { status: 'none' };
  if (row.deleted_sequence > build.sequence) return { status: 'deleted' };
  if (row.code_sequence > build.sequence) return { status: 'superseded' };
  if (row.applied_build_id !== build.build_id) return { status: 'pending' };
  return {
    status: row.applied_status === 'none' ? 'pending' : row.applied_status,
    ...(row.url ? { url: row.url } : {}),
    ...(row.applied_revision ? { revision: row.applied_revision } : {}),
    ...(row.applied_cause ? { cause: row.applied_cause } : {}),
  };
}

export class FunctionQueries {
  constructor(private readonly database: Database) {}

  async get(tenant: string, parser: string): Promise<FunctionRow | undefined> {
    return oneRow(
      this.database.kysely,
      sql`select * from functions where tenant = ${tenant} and parser = ${parser}`,
    );
  }

  /** Functions that have code or had it, in the order of their ids, after the given one. */
  async list(
    filter: { tenant?: string; after?: { tenant: string; parser: string } },
    limit: number,
  ): Promise<FunctionRow[]> {
    const tenant = filter.tenant === undefined ? sql`true` : sql`tenant = ${filter.tenant}`;
    const after = filter.after
      ? sql`(tenant, parser) > (${filter.after.tenant}, ${filter.after.parser})`
      : sql`true`;
    return rows(
      this.database.kysely,
      sql`select * from functions where wish_sequence > 0 and ${tenant} and ${after} order by tenant, parser limit ${limit}`,
    );
  }
}
