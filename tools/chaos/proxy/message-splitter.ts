export interface Piece {
  bytes: Buffer;
  /** Whether this is one message from its first byte to its last. */
  whole: boolean;
}

/**
 * Bytes of the message that begins here, Infinity where no message can be told apart from here on, undefined where more
 * bytes are needed to know.
 */
export type SizeOf = (bytes: Buffer) => number | undefined;

/**
 * Finds the borders of messages in a stream that comes in chunks of any size. Messages of at most `wholeUpTo` bytes come
 * out whole; longer ones pass in parts, so that no large message is held in memory.
 */
export class MessageSplitter {
  private readonly sizeOf: SizeOf;
  private readonly wholeUpTo: number;
  private held: Buffer = Buffer.alloc(0);
  /** Bytes still to come of a long message. */
  private left = 0;

  constructor(sizeOf: SizeOf, wholeUpTo: number) {
    this.sizeOf = sizeOf;
    this.wholeUpTo = wholeUpTo;
  }

  /** In order, and together all that came, less the start of a message that is held until the rest of it is there. */
  split(chunk: Buffer): Piece[] {
    const pieces: Piece[] = [];
    let bytes = Buffer.concat([this.held, chunk]);
    while (bytes.length > 0) {
      const piece = this.next(bytes);
      if (!piece) break;
      pieces.push(piece);
      bytes = bytes.subarray(piece.bytes.length);
    }
    this.held = bytes;
    return pieces;
  }

  private next(bytes: Buffer): Piece | undefined {
    if (this.left === 0) {
      const size = this.sizeOf(bytes);
      if (size === undefined) return undefined;
      if (size <= this.wholeUpTo) {
        return bytes.length < size ? undefined : { bytes: bytes.subarray(0, size), whole: true };
      }
      this.left = size;
    }
    const part = bytes.subarray(0, this.left);
    this.left -= part.length;
    return { bytes: part, whole: false };
  }
}
