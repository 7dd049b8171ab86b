/** A failure that the person at the keyboard can act on: one sentence that says what is wrong and how to fix it. */
export class Refusal extends Error {
  readonly exitCode: number;

  constructor(sentence: string, exitCode = 1) {
    super(sentence);
    this.name = 'Refusal';
    this.exitCode = exitCode;
  }
}
