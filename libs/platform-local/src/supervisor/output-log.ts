import { createWriteStream, type WriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import type { Readable } from 'node:stream';
import { hasCode } from '../files/json-file';
import { LineWindow } from './line-window';

const HEAD_LINES = 40;
const TAIL_LINES = 200;

/** A builder's output: appended to a file up to a limit, its first and last lines kept at hand. */
export class OutputLog {
  private readonly window = new LineWindow(HEAD_LINES, TAIL_LINES);
  private readonly file: WriteStream;
  private readonly waiting = new Set<Readable>();
  private written = 0;
  private leftOut = 0;
  private failure: Error | undefined;

  constructor(
    path: string,
    private readonly limit: number,
  ) {
    this.file = createWriteStream(path, { flags: 'a', mode: 0o600 });
    // A full disk must not end the supervisor; the end says it instead.
    this.file.on('error', (error) => {
      this.failure = error;
      this.goOn();
    });
    this.file.on('drain', () => this.goOn());
  }

  take(stream: Readable): void {
    stream.setEncoding('utf8');
    stream.on('data', (text: string) => {
      if (this.write(text)) return;
      stream.pause();
      this.waiting.add(stream);
    });
  }

  private goOn(): void {
    for (const stream of this.waiting) stream.resume();
    this.waiting.clear();
  }

  /** A line of the supervisor's own. */
  say(line: string): void {
    this.write(`slipway: ${line}\n`);
  }

  get head(): readonly string[] {
    return this.window.head;
  }

  get tail(): readonly string[] {
    return this.window.tail;
  }

  /** Whether the file could not be written because the disk is full. */
  get diskFull(): boolean {
    return hasCode(this.failure, 'ENOSPC');
  }

  async close(): Promise<void> {
    if (this.failure !== undefined) return;
    if (this.leftOut > 0) this.file.write(this.ending());
    this.file.end();
    await finished(this.file).catch((error: Error) => {
      this.failure = error;
    });
  }

  private write(text: string): boolean {
    this.window.add(text);
    const bytes = Buffer.byteLength(text);
    if (this.written + bytes > this.limit || this.failure !== undefined) {
      this.leftOut += bytes;
      return true;
    }
    this.written += bytes;
    return this.file.write(text);
  }

  private ending(): string {
    return `\n… about ${this.leftOut} bytes left out …\n${this.tail.join('\n')}\n`;
  }
}
