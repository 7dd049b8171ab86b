import type { BuildLogSource } from '@slipway/domain';
import type { AttemptRow, Ledger } from '@slipway/ledger';

const CHUNK_BYTES = 256 * 1024;
/** Pieces per look, so that one chatty build does not keep the worker from its lease. */
const MAX_PIECES = 64;

/** Brings a Job's output into the ledger, from where the last look stopped. */
export class CaptureLog {
  constructor(
    private readonly ledger: Ledger,
    private readonly source: BuildLogSource,
  ) {}

  /** Stores what is new. True when nothing will follow. */
  async pull(attempt: AttemptRow): Promise<boolean> {
    let offset = await this.ledger.logs.nextOffset(attempt.build_id, attempt.attempt);
    for (let piece = 0; piece < MAX_PIECES; piece += 1) {
      const chunk = await this.source.read(attempt.job_name, offset, CHUNK_BYTES);
      if (!chunk) return true;
      if (chunk.bytes.length > 0) {
        const isNew = await this.ledger.logs.append(attempt.build_id, attempt.attempt, offset, chunk.bytes);
        // Another reader may have stored a shorter piece from here; what follows it is still to be read.
        offset = isNew ? chunk.next : await this.ledger.logs.nextOffset(attempt.build_id, attempt.attempt);
      } else return chunk.complete;
    }
    return false;
  }
}
