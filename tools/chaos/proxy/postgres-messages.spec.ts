import { untilLostCommit } from './postgres-messages.ts';

function message(type: string, body: Buffer | string): Buffer {
  const header = Buffer.alloc(5);
  header.write(type, 'latin1');
  header.writeUInt32BE(4 + body.length, 1);
  return Buffer.concat([header, Buffer.from(body)]);
}

const AUTHENTICATION_OK = message('R', Buffer.alloc(4));
const READY = message('Z', 'T');
const COMMIT = message('C', 'COMMIT\0');
const BEGIN = message('C', 'BEGIN\0');
const ROLLBACK = message('C', 'ROLLBACK\0');
const COMMIT_PREPARED = message('C', 'COMMIT PREPARED\0');
/** A row whose text spells the answer to a COMMIT. */
const ROW = message('D', Buffer.concat([Buffer.from([0, 1, 0, 0, 0, 12]), COMMIT]));
/** A notice of the same length as the answer. */
const NOTICE = message('N', 'COMMIT\0');
const OTHERS = [AUTHENTICATION_OK, BEGIN, READY, ROW, NOTICE, ROLLBACK, READY, COMMIT_PREPARED, READY];

/** The bytes that passed, and whether the connection was then cut. */
function run(
  stream: Buffer,
  chunkBytes: number,
  lose = (): boolean => true,
): { passed: Buffer; cut: boolean } {
  const filter = untilLostCommit(lose);
  const passed: Buffer[] = [];
  for (let at = 0; at < stream.length; at += chunkBytes) {
    const bytes = filter(stream.subarray(at, at + chunkBytes));
    if (!bytes) return { passed: Buffer.concat(passed), cut: true };
    passed.push(bytes);
  }
  return { passed: Buffer.concat(passed), cut: false };
}

describe('the filter of a PostgreSQL server’s answers', () => {
  it.each([1, 4, 5, 11, 12, 13, 40])(
    'cuts before the answer to a COMMIT, in chunks of %i bytes',
    (chunkBytes) => {
      const { passed, cut } = run(Buffer.concat([...OTHERS, COMMIT, READY]), chunkBytes);
      expect(cut).toBe(true);
      expect(Buffer.concat(OTHERS).subarray(0, passed.length)).toEqual(passed);
    },
  );

  it.each([1, 4, 5, 11, 12, 13, 40, 1_000])(
    'passes all that is not the answer to a COMMIT, in chunks of %i bytes',
    (chunkBytes) => {
      const stream = Buffer.concat(OTHERS);
      expect(run(stream, chunkBytes)).toEqual({ passed: stream, cut: false });
    },
  );

  it('passes a COMMIT that is not to be lost', () => {
    const stream = Buffer.concat([...OTHERS, COMMIT, READY]);
    expect(run(stream, 7, () => false)).toEqual({ passed: stream, cut: false });
  });

  it('reads on after the server has refused encryption twice (GSSENCRequest, SSLRequest)', () => {
    expect(run(Buffer.concat([Buffer.from('NN'), AUTHENTICATION_OK, COMMIT]), 3).cut).toBe(true);
  });

  it('passes an encrypted connection as it is', () => {
    // Read as messages, this would be an empty one and the answer to a COMMIT.
    const stream = Buffer.concat([message('S', ''), COMMIT]);
    expect(run(stream, 3)).toEqual({ passed: stream, cut: false });
  });
});
