/** The list of steps that a command shows while it works. */
export interface Steps {
  /** Runs one step; `note` shows what it is doing. What it returns is shown beside its title. */
  run<T>(
    title: string,
    work: (note: (text: string) => void) => Promise<T>,
    detail?: (result: T) => string,
  ): Promise<T>;
  line(text: string): void;
}

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

export function formatDuration(ms: number): string {
  return ms < 60_000
    ? `${(ms / 1000).toFixed(1)} s`
    : `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
}

/** On a terminal the running step is redrawn in place; in a pipe each note and each end is a line of its own. */
export function createSteps(out: NodeJS.WriteStream): Steps {
  const live = out.isTTY === true;
  return {
    line: (text) => void out.write(`${text}\n`),
    async run(title, work, detail) {
      const started = Date.now();
      let noted = '';
      let frame = 0;
      const draw = () => {
        const text = `${FRAMES[frame++ % FRAMES.length]} ${title} (${formatDuration(Date.now() - started)}) ${noted}`;
        out.write(`\r\x1b[2K${text.slice(0, (out.columns || 80) - 1)}`);
      };
      const timer = live ? setInterval(draw, 100) : undefined;
      const note = (text: string) => {
        if (text === noted) return;
        noted = text;
        if (!live) out.write(`  … ${title}: ${text}\n`);
      };
      const end = (mark: string, suffix: string) => {
        clearInterval(timer);
        out.write(
          `${live ? '\r\x1b[2K' : ''}${mark} ${title} (${formatDuration(Date.now() - started)})${suffix}\n`,
        );
      };
      try {
        const result = await work(note);
        const shown = detail?.(result);
        end('✔', shown ? ` ${shown}` : '');
        return result;
      } catch (error) {
        end('✖', '');
        throw error;
      }
    },
  };
}
