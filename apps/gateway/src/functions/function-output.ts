import { appendFile, rename, stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import type { FunctionLog } from './function-definition';

const KEPT_LINES = 200;
const LINE_LENGTH = 2_000;
const FILE_BYTES = 5 * 1024 ** 2;
const PENDING_BYTES = 1024 ** 2;

/** What a function prints: its last lines in memory, all of it in a file that is turned over when it is full. */
export class FunctionOutput {
  private lines: string[] = [];
  private open = '';
  private pending = 0;
  private writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly path: string,
    private readonly log: FunctionLog,
  ) {}

  take(stream: Readable): void {
    stream.setEncoding('utf8');
    stream.on('data', (text: string) => this.add(text));
  }

  lastLines(): string[] {
    return (this.open === '' ? this.lines : [...this.lines, this.open]).slice(-KEPT_LINES);
  }

  private add(text: string): void {
    const lines = (this.open + text).split(/\r?\n/);
    this.open = (lines.pop() ?? '').slice(0, LINE_LENGTH);
    this.lines = [...this.lines, ...lines.map((line) => line.slice(0, LINE_LENGTH))].slice(-KEPT_LINES);
    // A function that prints faster than the disk writes loses lines in the file, not the gateway its memory.
    if (this.pending > PENDING_BYTES) return;
    this.pending += text.length;
    this.writing = this.writing.then(() => this.write(text));
  }

  private async write(text: string): Promise<void> {
    this.pending -= text.length;
    try {
      await appendFile(this.path, text, { mode: 0o600 });
      if ((await stat(this.path)).size > FILE_BYTES) await rename(this.path, `${this.path}.1`);
    } catch (error) {
      // The folder of a deleted function is gone while its process still says goodbye.
      this.log.warn({ err: error, path: this.path }, 'the output of a function cannot be written');
    }
  }
}
