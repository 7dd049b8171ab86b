import type { BuildFailureCode } from '../outcome/log-lines';

/** A failure whose cause the program knows. */
export class BuildFailure extends Error {
  override readonly name = 'BuildFailure';

  constructor(
    readonly code: BuildFailureCode,
    message: string,
    /** What the program ends with: the tool's own code where a tool has failed. */
    readonly exitCode = 1,
  ) {
    super(message);
  }
}
