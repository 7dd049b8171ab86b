import { sql } from 'kysely';
import { changed, oneRow, rows, type Database } from '../database/database';

/** At most this much of an attempt's output is kept: the first part, a marker, and the last part. */
const LOG_HEAD_BYTES = 2 * 1024 * 1024;
const LOG_TAIL_BYTES = 6 * 1024 * 1024;

interface LogRow {
  offset: number;
  bytes: Buffer;
}

/** The kept output of builds, by byte offset of the attempt's own log. */
export class BuildLogs {
  constructor(private readonly database: Database) {}

  /** Where the capture of an attempt goes on: the end of what is stored. */
  async nextOffset(buildId: string, attempt: number): Promise<number> {
    const row = await oneRow<{ next: number }>(
      this.database.kysely,
      sql`select max("offset" + length(bytes)) as next from build_logs where build_id = ${buildId} and attempt = ${attempt}`,
    );
    return row?.next ?? 0;
  }

  /** Stores a piece, and says whether it was new; storing it twice changes nothing. Pieces between the first and the last part are dropped. */
  async append(buildId: string, attempt: number, offset: number, bytes: Buffer): Promise<boolean> {
    const inserted = await changed(
      this.database.kysely,
      sql`insert into build_logs (build_id, attempt, "offset", bytes)
      values (${buildId}, ${attempt}, ${offset}, ${bytes}) on conflict do nothing`,
    );
    const end = offset + bytes.length;
    if (end <= LOG_HEAD_BYTES + LOG_TAIL_BYTES) return inserted === 1;
    await changed(
      this.database.kysely,
      sql`delete from build_logs where build_id = ${buildId} and attempt = ${attempt}
        and "offset" >= ${LOG_HEAD_BYTES} and "offset" + length(bytes) < ${end - LOG_TAIL_BYTES}`,
    );
    return inserted === 1;
  }

  /** The kept output of an attempt from `offset` on, with a line in place of what was dropped. */
  async read(buildId: string, attempt: number, offset = 0): Promise<{ text: string; next: number }> {
    const pieces = await rows<LogRow>(
      this.database.kysely,
      sql`select "offset", bytes from build_logs where build_id = ${buildId} and attempt = ${attempt}
        and "offset" >= ${offset} order by "offset"`,
    );
    const parts: Buffer[] = [];
    let next = offset;
    for (const piece of pieces) {
      if (piece.offset > next && parts.length > 0) {
        parts.push(Buffer.from(`\n… ${piece.offset - next} bytes of output were not kept …\n`));
      }
      parts.push(piece.bytes);
      next = piece.offset + piece.bytes.length;
    }
    return { text: Buffer.concat(parts).toString('utf8'), next };
  }

  /** The last lines of an attempt's output. */
  async tail(buildId: string, attempt: number, lines: number): Promise<string> {
    const pieces = await rows<LogRow>(
      this.database.kysely,
      sql`select "offset", bytes from build_logs where build_id = ${buildId} and attempt = ${attempt}
        order by "offset" desc limit 200`,
    );
    const text = Buffer.concat(pieces.reverse().map((piece) => piece.bytes)).toString('utf8');
    const all = text.endsWith('\n') ? text.slice(0, -1).split('\n') : text.split('\n');
    return all.slice(-lines).join('\n');
  }
}
