const MAX_LINE = 2_000;

/** Keeps the first and the last lines of a stream of bytes, however long it is. */
export class LineWindow {
  readonly head: string[] = [];
  private last: string[] = [];
  private open = '';

  constructor(
    private readonly headLines: number,
    private readonly tailLines: number,
  ) {}

  add(text: string): void {
    const lines = (this.open + text).split(/\r?\n/);
    this.open = (lines.pop() ?? '').slice(0, MAX_LINE);
    for (const line of lines) this.keep(line);
  }

  /** The last lines, one that was not ended included. */
  get tail(): string[] {
    return (this.open === '' ? this.last : [...this.last, this.open]).slice(-this.tailLines);
  }

  private keep(line: string): void {
    const cut = line.slice(0, MAX_LINE);
    if (this.head.length < this.headLines) this.head.push(cut);
    this.last.push(cut);
    // Cut in steps: one shift per line would move the whole list each time.
    if (this.last.length > this.tailLines * 2) this.last = this.last.slice(-this.tailLines);
  }
}
