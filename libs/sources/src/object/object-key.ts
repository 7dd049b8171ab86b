import { SlipwayError } from '@slipway/domain';

/** What lies there is shared by definition; everything else belongs to one tenant. */
const SHARED = 'global/parser/';
const TENANTS = /^tenants\/[A-Za-z0-9][A-Za-z0-9_-]{0,99}\//;

function refuse(name: string, why: string): never {
  throw new SlipwayError('source_denied', `The object ${JSON.stringify(name.slice(0, 300))} ${why}.`);
}

function rootOf(key: string, tenant: string | undefined): string | undefined {
  if (key.startsWith(SHARED)) return SHARED;
  if (tenant === undefined) return TENANTS.exec(key)?.[0];
  return key.startsWith(`tenants/${tenant}/`) ? `tenants/${tenant}/` : undefined;
}

/**
 * Only objects below `global/parser/` or `tenants/{tenant}/` of an allowed bucket are sources; without a tenant, those
 * below any tenant's. Fails with `source_denied`.
 */
export function assertObjectKey(
  source: { bucket: string; key: string },
  allowedBuckets: readonly string[],
  tenant?: string,
): void {
  const name = `${source.bucket}/${source.key}`;
  if (!allowedBuckets.includes(source.bucket))
    refuse(name, 'lies in a bucket that sources may not be read from');
  const root = rootOf(source.key, tenant);
  if (root === undefined)
    refuse(name, `does not lie below "${SHARED}" or "tenants/${tenant ?? '{third_party_id}'}/"`);
  // One slash at the end says that a folder is meant.
  const parts = source.key.slice(root.length).replace(/\/$/, '').split('/');
  const clean = parts.every((part) => part !== '' && part !== '.' && part !== '..');
  if (!clean || source.key.includes('\0')) refuse(name, 'has no plain key');
}
