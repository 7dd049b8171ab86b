import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { pack } from 'tar-stream';
import { Random } from '../../../chaos/lib/random.ts';
import { inLanes } from '../lanes.ts';
import { buildStart } from '../start-events.ts';
import type { Message } from '../servers.ts';
import { sourceFiles, type SourceFile } from './source-text.ts';

export const SOURCE_BUCKET = 'slipway-sources';
const TENANT = 'bench';
const LANES = 4;

/** Puts an object into the bucket of the sources. */
export type Upload = (key: string, bytes: Buffer) => Promise<void>;

/** The files of as many functions. They follow from the seed alone. */
export function makeTrees(seed: string, sizes: readonly number[]): SourceFile[][] {
  const random = new Random(seed);
  return sizes.map((bytes, number) => sourceFiles(random.fork(String(number)), bytes));
}

export function tarOf(files: readonly SourceFile[]): Promise<Buffer> {
  const tar = pack();
  for (const { path, text } of files) tar.entry({ name: path, mode: 0o644, mtime: new Date(0) }, text);
  tar.finalize();
  return buffer(tar);
}

/** Uploads the trees; one more file, which holds the name of the edition, makes each a content that is new with it. */
export function uploadEdition(
  trees: readonly SourceFile[][],
  edition: string,
  { upload, signal }: { upload: Upload; signal: AbortSignal },
): Promise<string[]> {
  return inLanes({ count: trees.length, lanes: LANES, signal }, async (number) => {
    const tar = await tarOf([...trees[number]!, { path: 'edition.txt', text: `${edition}\n` }]);
    const key = `tenants/${TENANT}/${edition}/${number}.tar.gz`;
    await upload(key, await promisify(gzip)(tar));
    return key;
  });
}

/** Asks for the context of a source alone. The event id is in the series; each number is a function of its own. */
export function contextStart(series: string, number: number, key: string): Message {
  const ids = { tenant: TENANT, parser: `context-${number}` };
  const source = { kind: 'object', bucket: SOURCE_BUCKET, key };
  return buildStart(`${series}/${number}`, ids, { source, stop_after: 'context' });
}
