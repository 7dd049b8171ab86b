import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const FETCH_TIMEOUT_MS = 120_000;

/** The archive's bytes, which must have the SHA-256 that the ledger recorded. */
export async function fetchContext(address: string, sha256: string): Promise<Buffer> {
  const archive = await bytesOf(new URL(address));
  const found = createHash('sha256').update(archive).digest('hex');
  if (found !== sha256) throw new Error(`the context has the SHA-256 ${found} instead of ${sha256}`);
  return archive;
}

async function bytesOf(url: URL): Promise<Buffer> {
  if (url.protocol === 'file:') return readFile(fileURLToPath(url));
  // Plain http is how an S3 server on the same machine or behind a mesh is reached; the SHA-256 holds for either.
  if (!['https:', 'http:'].includes(url.protocol))
    throw new Error(`a context is not fetched by ${url.protocol}`);
  const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(FETCH_TIMEOUT_MS) });
  // Without the address: a presigned one is a right to read.
  if (!response.ok) throw new Error(`the context store answered ${response.status}`);
  return Buffer.from(await response.arrayBuffer());
}
