import type { SourceLimits } from '../src/limits';

/** One archive for the program that reads them: a file of its folder. */
export interface ArchiveCase {
  file: string;
  limits?: Partial<SourceLimits>;
}

/** What the program prints. */
export interface ArchivesReport {
  /** `code: message` for each archive, in their order. */
  verdicts: string[];
  peakBytes: number;
  /** Of the event loop, while archives were read. */
  delayMs: { p99: number; max: number };
  /** The code with which a write of its own failed. */
  writing: string;
}
