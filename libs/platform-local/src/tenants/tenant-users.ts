import { createHash, randomInt } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { SlipwayError } from '@slipway/domain';
import { createJson, readJson } from '../files/json-file';
import { stateLayout } from '../layout/state-layout';
import { isEnterable } from '../programs/reachable-copy';
import { covers, mayUse, type IdRange } from './id-map';

/** As whom a tenant's programs run. The gid is of one family of processes alone, so that none of them can hide. */
export interface UnixUser {
  uid: number;
  gid: number;
}

export interface TenantUserOptions {
  root: string;
  /** The uids that are ours to give, one per tenant. Default 200000 to 264999. */
  uids?: IdRange;
}

const UIDS: IdRange = { first: 200_000, count: 65_000 };
const GIDS: IdRange = { first: 1_000_000_000, count: 1_000_000_000 };

/**
 * Gives each tenant its own uid, the same for ever. The hash only says where the search begins: tenants choose their
 * ids, and one that met another's hash would otherwise get its user.
 */
export class TenantUsers {
  private readonly uids: IdRange;
  private readonly folder: string;
  private readonly root: string;

  constructor(options: TenantUserOptions) {
    this.uids = options.uids ?? UIDS;
    this.root = options.root;
    this.folder = stateLayout(options.root).tenants;
  }

  /** Undefined where this process may not change users: then everything runs as itself. */
  async userFor(tenant: string): Promise<UnixUser | undefined> {
    if (!mayUse(this.uids) || !covers('/proc/self/gid_map', GIDS)) return undefined;
    if (!(await isEnterable(this.root))) {
      throw new SlipwayError(
        'unavailable',
        'Other users cannot enter the state folder; allow it with chmod o+x.',
      );
    }
    return { uid: await this.uidOf(tenant), gid: GIDS.first + randomInt(GIDS.count) };
  }

  private async uidOf(tenant: string): Promise<number> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const start = parseInt(tenantHash(tenant).slice(0, 8), 16) % this.uids.count;
    for (let step = 0; step < this.uids.count; step++) {
      const uid = this.uids.first + ((start + step) % this.uids.count);
      const file = join(this.folder, `${uid}.json`);
      if (await createJson(file, { tenant })) return uid;
      const holder = await readJson<{ tenant: string }>(file);
      if (holder?.tenant === tenant) return uid;
    }
    throw new Error(`all ${this.uids.count} user ids for tenants are taken`);
  }
}

/** A name for the tenant's own folders that fits every file system. */
export function tenantHash(tenant: string): string {
  return createHash('sha256').update(tenant).digest('hex');
}
