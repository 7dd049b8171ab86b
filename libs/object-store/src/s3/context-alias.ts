import type { HeadObjectCommandOutput } from '@aws-sdk/client-s3';
import type { Content, ContextObjects } from './context-objects';

/** Metadata of an alias: the sequence of the build whose context it holds. */
const SEQUENCE = 'slipway-sequence';
const ALIAS = /^build-context\/[^/]+\/context\.tar\.gz$/;

/** Where readers outside Slipway look for a function's last context (wire §3). It does not tell tenants apart. */
function aliasKeyOf(parser: string): string {
  return `build-context/${parser}/context.tar.gz`;
}

export function isAliasKey(key: string): boolean {
  return ALIAS.test(key);
}

/** Whether the alias holds this build's context or a later one's; an object without a sequence is nobody's. */
function isAsNew(stored: HeadObjectCommandOutput, sequence: number): boolean {
  return Number(stored.Metadata?.[SEQUENCE]) >= sequence;
}

/**
 * Writes a copy of a context under its alias, unless a build with a higher sequence has done so: a compare-and-set on the
 * object's ETag, begun again whenever another writer came between. Fails when `deadline` passes before.
 */
export async function writeAlias(
  objects: ContextObjects,
  { parser, sequence }: { parser: string; sequence: number },
  context: Content,
  deadline: AbortSignal,
): Promise<void> {
  const key = aliasKeyOf(parser);
  const copy = { ...context, metadata: { [SEQUENCE]: String(sequence) } };
  for (;;) {
    const stored = await objects.head(key, deadline);
    if (stored && isAsNew(stored, sequence)) return;
    const condition = stored ? { IfMatch: stored.ETag } : { IfNoneMatch: '*' as const };
    if (await objects.write(key, copy, condition, deadline)) return;
  }
}
