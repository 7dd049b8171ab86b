import { gzipSync } from 'node:zlib';
import { isSlipwayError } from '@slipway/domain';
import { handmadeTar } from '../../test/handmade-tar';
import { handmadeZip } from '../../test/handmade-zip';
import { HOSTILE_ARCHIVES } from '../../test/hostile/corpus';
import { DEFAULT_LIMITS, type SourceLimits } from '../limits';
import { readArchive } from './read-archive';

async function refusal(bytes: Buffer, limits: Partial<SourceLimits> = {}): Promise<string> {
  const error: unknown = await readArchive(bytes, { ...DEFAULT_LIMITS, ...limits }).then(
    () => 'it was taken',
    (reason: unknown) => reason,
  );
  return isSlipwayError(error) ? `${error.code}: ${error.message}` : String(error);
}

describe.each(HOSTILE_ARCHIVES)('a hostile $of', ({ code, archives }) => {
  const cases = archives.map(([what, archive, words, limits]) => ({ what, archive, words, limits }));

  it.each(cases)('$what is refused', async ({ archive, words, limits }) => {
    const said = await refusal(archive(), limits);
    expect(said).toMatch(new RegExp(`^${code}: `));
    expect(said).toContain(words);
  });
});

const FILES = [{ name: 'x', content: 'y'.repeat(700) }, { name: 'other' }];
const TAR = handmadeTar(FILES);

describe('an archive that was cut', () => {
  it.each([
    // From the first block of zeros on nothing is missing any more.
    ['tar', TAR, TAR.length - 512],
    ['tar.gz', gzipSync(TAR), gzipSync(TAR).length],
    ['zip', handmadeZip(FILES), handmadeZip(FILES).length],
  ])('is refused wherever a %s was cut', async (_, whole, complete) => {
    for (let length = 0; length < complete; length += 1)
      expect(await refusal(whole.subarray(0, length))).toMatch(/^source_invalid: /);
  });
});

describe('an archive with a damaged byte', () => {
  it.each([
    ['tar', TAR],
    ['tar.gz', gzipSync(TAR)],
    ['zip', handmadeZip(FILES)],
  ])('of a %s is read, or refused for a cause of ours', async (_, whole) => {
    for (let at = 0; at < whole.length; at += 1) {
      const bytes = Buffer.from(whole);
      bytes[at] = bytes[at]! ^ 0xff;
      expect(await refusal(bytes)).toMatch(/^(it was taken$|source_invalid: |source_too_large: )/);
    }
  });
});
