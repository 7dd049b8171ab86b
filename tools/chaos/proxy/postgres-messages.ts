import type { AnswerFilter } from './link.ts';
import { MessageSplitter, type SizeOf } from './message-splitter.ts';

// PostgreSQL protocol 3.0: type (1 byte), length (4, itself included), body.
const HEADER_BYTES = 5;

/** CommandComplete with the tag COMMIT, the same for a simple query, an extended one, and several statements in one. */
const COMMITTED = Buffer.from('C\0\0\0\x0bCOMMIT\0', 'latin1');

/** Reads the borders of what a server sends from the start of a connection on. */
function messageSizes(): SizeOf {
  let begun = false;
  return (bytes) => {
    if (!begun) {
      // A single byte answers a client that asks for encryption (SSLRequest, GSSENCRequest) before it starts.
      const answer = String.fromCharCode(bytes.readUInt8(0));
      if (answer === 'N') return 1;
      if (answer === 'S' || answer === 'G') return Infinity;
      begun = true;
    }
    return bytes.length < HEADER_BYTES ? undefined : 1 + bytes.readUInt32BE(1);
  };
}

/**
 * What a server sends, until it says that a COMMIT is done and `lose` says true. Judged by the answer and not by the
 * statement, because what then is cut has surely been committed. An encrypted connection passes as it is.
 */
export function untilLostCommit(lose: () => boolean): AnswerFilter {
  const splitter = new MessageSplitter(messageSizes(), COMMITTED.length);
  return (chunk) => {
    const pieces = splitter.split(chunk);
    if (pieces.some(({ bytes, whole }) => whole && bytes.equals(COMMITTED) && lose())) return undefined;
    return Buffer.concat(pieces.map(({ bytes }) => bytes));
  };
}
