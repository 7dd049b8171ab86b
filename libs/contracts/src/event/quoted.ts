const SHOWN = 100;

/** A foreign value inside a sentence: as JSON, and never so long that the sentence is lost. */
export function quoted(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length <= SHOWN ? text : `${text.slice(0, SHOWN)}…`;
}
