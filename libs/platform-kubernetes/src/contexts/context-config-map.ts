import { createHash } from 'node:crypto';
import type { V1ConfigMap } from '@kubernetes/client-node';
import { labelValueOf, type ContextName } from '@slipway/domain';

/** The key of the archive inside the ConfigMap. */
export const ARCHIVE_KEY = 'context.tar.gz';

/** What tells our ConfigMaps from all others. */
const MARKS = {
  'app.kubernetes.io/managed-by': 'slipway',
  'app.kubernetes.io/component': 'build-context',
};
const TENANT = 'build.notifi.network/third-party-id';
const IDENTITY = 'build.notifi.network/content-hash';
const SIZE = 'build.notifi.network/size';
const SHA256 = 'build.notifi.network/sha256';

export const CONTEXT_SELECTOR = Object.entries(MARKS)
  .map(([key, value]) => `${key}=${value}`)
  .join(',');

function idsOf({ tenant, parser, identity }: ContextName): Record<string, string> {
  return {
    [TENANT]: tenant,
    'build.notifi.network/parser-id': parser,
    [IDENTITY]: identity,
  };
}

export function sha256Of(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The labels are there to select by, the annotations hold the ids as they are. */
export function contextConfigMap(name: ContextName, archive: Buffer): V1ConfigMap {
  const ids = idsOf(name);
  const labels = Object.entries(ids).map(([key, id]) => [key, labelValueOf(id)]);
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      labels: { ...MARKS, ...Object.fromEntries(labels) },
      annotations: { ...ids, [SIZE]: String(archive.length), [SHA256]: sha256Of(archive) },
    },
    immutable: true,
    binaryData: { [ARCHIVE_KEY]: archive.toString('base64') },
  };
}

/** Whether it was made by us, as a context. */
export function isOurs({ metadata }: V1ConfigMap): boolean {
  return Object.entries(MARKS).every(([key, value]) => metadata?.labels?.[key] === value);
}

/** Whose it is and of what content. */
export function ownerOf({ metadata }: V1ConfigMap): { tenant?: string; identity?: string } {
  return { tenant: metadata?.annotations?.[TENANT], identity: metadata?.annotations?.[IDENTITY] };
}

/** Whether it was made for the very context: its name holds only the beginning of the identity. */
export function isFor(name: ContextName, { metadata }: V1ConfigMap): boolean {
  return Object.entries(idsOf(name)).every(([key, id]) => metadata?.annotations?.[key] === id);
}

export function holds({ size, sha256 }: { size: number; sha256: string }, configMap: V1ConfigMap): boolean {
  const archive = archiveOf(configMap);
  return archive.length === size && sha256Of(archive) === sha256;
}

/** Bytes of the archive. The annotation alone is enough, since lists leave the archives out. */
export function noteOfSize({ metadata }: V1ConfigMap): number | undefined {
  const size = metadata?.annotations?.[SIZE];
  return size !== undefined && /^\d+$/.test(size) ? Number(size) : undefined;
}

/** Empty where there is none. */
export function archiveOf({ binaryData }: V1ConfigMap): Buffer {
  return Buffer.from(binaryData?.[ARCHIVE_KEY] ?? '', 'base64');
}
