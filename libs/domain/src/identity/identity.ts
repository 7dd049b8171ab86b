import { createHash } from 'node:crypto';

/** One file of a build context. Only regular files exist: no links, no devices, no empty folders. */
export interface ContextEntry {
  /** Relative, `/`-separated, NFC, no `.` or `..` segment. */
  path: string;
  executable: boolean;
  content: Buffer;
}

export interface IdentityInput {
  tenant: string;
  platform: string;
  builder: string;
  baseImage: string;
  buildArguments: Record<string, string>;
  entrypoint?: string;
  entries: readonly ContextEntry[];
}

/** Orders by the bytes of the name, never by locale: the order is part of the identity and of the archive. */
export function byPath(a: { path: string }, b: { path: string }): number {
  return Buffer.compare(Buffer.from(a.path), Buffer.from(b.path));
}

/**
 * The SHA-256 (64 hex) that names a build's content: equal identities build equal artifacts, so one is built only once.
 * Every item is length-prefixed, so that no two lists of inputs run together into the same bytes.
 */
export function identityOf(input: IdentityInput): string {
  const hash = createHash('sha256');
  const item = (text: string): void => {
    hash.update(`${Buffer.byteLength(text)}:`).update(text);
  };
  item('slipway-identity-1');
  for (const text of [input.tenant, input.platform, input.builder, input.baseImage]) item(text);
  item(input.entrypoint ?? '');
  const args = Object.entries(input.buildArguments).sort(([a], [b]) =>
    Buffer.compare(Buffer.from(a), Buffer.from(b)),
  );
  item(String(args.length));
  for (const [name, value] of args) {
    item(name);
    item(value);
  }
  const entries = [...input.entries].sort(byPath);
  item(String(entries.length));
  for (const entry of entries) {
    item(entry.path);
    item(entry.executable ? 'x' : '-');
    item(createHash('sha256').update(entry.content).digest('hex'));
  }
  return hash.digest('hex');
}
