import { withoutConfirms } from './amqp-frames.ts';

function frame(type: number, channel: number, payload: Buffer): Buffer {
  const header = Buffer.alloc(7);
  header.writeUInt8(type, 0);
  header.writeUInt16BE(channel, 1);
  header.writeUInt32BE(payload.length, 3);
  return Buffer.concat([header, payload, Buffer.from([0xce])]);
}

function method(classId: number, methodId: number, rest: Buffer): Buffer {
  const ids = Buffer.alloc(4);
  ids.writeUInt16BE(classId, 0);
  ids.writeUInt16BE(methodId, 2);
  return frame(1, 1, Buffer.concat([ids, rest]));
}

const TAG_AND_BITS = Buffer.from([0, 0, 0, 0, 0, 0, 0, 1, 0]);
const ACK = method(60, 80, TAG_AND_BITS);
const NACK = method(60, 120, TAG_AND_BITS);
const HEARTBEAT = frame(8, 0, Buffer.alloc(0));
const REJECT = method(60, 90, TAG_AND_BITS);
const OTHER_CLASS = method(85, 80, TAG_AND_BITS);
const CLOSE_CHANNEL = method(20, 40, Buffer.alloc(40, 1));
/** Content that spells a confirm: bytes of a user must not be taken for one. */
const BODY = frame(3, 1, Buffer.concat([ACK, ACK]));
const SMALL_BODY = frame(3, 1, ACK.subarray(7, 20));

function takes(count: number): () => boolean {
  let left = count;
  return () => left-- > 0;
}

function run(stream: Buffer, chunkBytes: number, swallow: () => boolean): Buffer {
  const filter = withoutConfirms(swallow);
  const passed: Buffer[] = [];
  for (let at = 0; at < stream.length; at += chunkBytes) {
    passed.push(filter(stream.subarray(at, at + chunkBytes)) ?? Buffer.from('cut'));
  }
  return Buffer.concat(passed);
}

describe('the filter of a broker’s confirms', () => {
  const others = [HEARTBEAT, BODY, SMALL_BODY, CLOSE_CHANNEL, REJECT, OTHER_CLASS];
  const stream = [...others, ACK, BODY, NACK, ACK, HEARTBEAT];

  it.each([1, 2, 3, 7, 8, 20, 21, 22, 50, 1_000])(
    'drops the first two confirms and nothing else, in chunks of %i bytes',
    (chunkBytes) => {
      const expected = [...others, BODY, ACK, HEARTBEAT];
      expect(run(Buffer.concat(stream), chunkBytes, takes(2))).toEqual(Buffer.concat(expected));
    },
  );

  it('passes all bytes while it is not asked to swallow', () => {
    const bytes = Buffer.concat(stream);
    expect(run(bytes, 5, () => false)).toEqual(bytes);
  });

  it('passes content that spells a confirm, even where a chunk holds just that', () => {
    const filter = withoutConfirms(() => true);
    const chunks = [BODY.subarray(0, 7), ACK, ACK, BODY.subarray(-1)];
    expect(chunks.map(filter)).toEqual(chunks);
  });

  it('passes the parts of a long frame as they come', () => {
    const long = frame(3, 1, Buffer.alloc(100_000, 7));
    const filter = withoutConfirms(() => true);
    expect(filter(long.subarray(0, 60_000))).toEqual(long.subarray(0, 60_000));
    expect(filter(Buffer.concat([long.subarray(60_000), ACK]))).toEqual(long.subarray(60_000));
  });

  it('passes the protocol header with which a broker refuses a version', () => {
    const refusal = Buffer.from('AMQP\0\0\x09\x01', 'latin1');
    expect(run(refusal, 3, () => true)).toEqual(refusal);
  });
});
