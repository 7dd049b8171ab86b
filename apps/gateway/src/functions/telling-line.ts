const ERROR = /\b(\w*(Error|Exception|panic|fatal)\b|cannot|failed|EADDRINUSE|ENOENT|EACCES)/i;
const NOISE = /^(\s*at |\s*File "|Traceback|Node\.js v|\s*$|\s*[\^~]+\s*$|goroutine \d|\s*[{}]\s*,?$)/;

/** The line of a function's last words that says most: the last that names an error, else the last that is no frame. */
export function tellingLine(lines: readonly string[]): string | undefined {
  const words = lines.filter((line) => !NOISE.test(line));
  return words.findLast((line) => ERROR.test(line))?.trim() ?? words.at(-1)?.trim();
}
