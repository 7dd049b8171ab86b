const NOTHING = Buffer.alloc(0);

/** Hands a stream out in pieces of the sizes asked for, and holds no more of it than one chunk and one piece. */
export class ByteSource {
  private readonly chunks: AsyncIterator<Buffer>;
  private rest: Buffer = NOTHING;

  constructor(chunks: AsyncIterable<Buffer>) {
    this.chunks = chunks[Symbol.asyncIterator]();
  }

  /** The next `size` bytes; fewer where the stream ends before. */
  async take(size: number): Promise<Buffer> {
    if (size <= this.rest.length) return this.cut(size);
    const parts: Buffer[] = [];
    let missing = size;
    while (missing > 0 && (this.rest.length > 0 || (await this.refill()))) {
      const part = this.cut(Math.min(missing, this.rest.length));
      parts.push(part);
      missing -= part.length;
    }
    return Buffer.concat(parts);
  }

  /** Lets the stream go, wherever it stands. */
  async close(): Promise<void> {
    await this.chunks.return?.();
  }

  private cut(size: number): Buffer {
    const piece = this.rest.subarray(0, size);
    this.rest = this.rest.subarray(size);
    return piece;
  }

  /** False at the end of the stream. */
  private async refill(): Promise<boolean> {
    const next = await this.chunks.next();
    if (next.done) return false;
    this.rest = next.value;
    return true;
  }
}
