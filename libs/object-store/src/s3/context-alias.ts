import type { HeadObjectCommandOutput } from '@aws-sdk/client-s3';
import type { Content, ContextObjects } from './context-objects';

/** Metadata of an alias: whose it is, and the sequence of the build whose context it holds. */
const TENANT = 'slipway-tenant';
const SEQUENCE = 'slipway-sequence';
const ALIAS = /^build-context\/[^/]+\/context\.tar\.gz$/;

/** Where readers outside Slipway look for a function's last context (wire §3). It does not tell tenants apart. */
function aliasKeyOf(parser: string): string {
  return `build-context/${parser}/context.tar.gz`;
}

export function isAliasKey(key: string): boolean {
  return ALIAS.test(key);
}

/** Whether the alias is another tenant's, whose function has the same name: who came first keeps it. */
function isForeign(stored: HeadObjectCommandOutput, tenant: string): boolean {
  const owner = stored.Metadata?.[TENANT];
  return owner !== undefined && owner !== tenant;
}

/** Whether the alias holds this build's context or a later one's; an object without a sequence is nobody's. */
function isAsNew(stored: HeadObjectCommandOutput, sequence: number): boolean {
  return Number(stored.Metadata?.[SEQUENCE]) >= sequence;
}

/**
 * Writes a copy of a context under its alias, unless a build with a higher sequence has done so or it is another tenant's: a
 * compare-and-set on the object's ETag, begun again whenever another writer came between. Fails when `deadline` passes before.
 */
export async function writeAlias(
  objects: ContextObjects,
  { tenant, parser, sequence }: { tenant: string; parser: string; sequence: number },
  content: () => Promise<Content>,
  deadline: AbortSignal,
): Promise<void> {
  const key = aliasKeyOf(parser);
  const metadata = { [TENANT]: tenant, [SEQUENCE]: String(sequence) };
  let copy: Content | undefined;
  for (;;) {
    const stored = await objects.head(key, deadline);
    if (stored && (isForeign(stored, tenant) || isAsNew(stored, sequence))) return;
    copy ??= { ...(await content()), metadata };
    const condition = stored ? { IfMatch: stored.ETag } : { IfNoneMatch: '*' as const };
    if (await objects.write(key, copy, condition, deadline)) return;
  }
}
