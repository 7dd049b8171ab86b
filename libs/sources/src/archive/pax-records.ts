import { damaged } from './refuse-archive';

const SPACE = 0x20;
const LINE_END = 0x0a;

/**
 * The records of a PAX header (`length keyword=value\n`, the length in decimal and of the whole record; POSIX.1-2024,
 * pax, "pax Extended Header"). Fails with `source_invalid` where lengths and line ends do not meet.
 */
export function* paxRecordsOf(header: Buffer): Generator<[keyword: string, value: string]> {
  for (let at = 0; at < header.length;) {
    const space = header.indexOf(SPACE, at);
    const digits = header.toString('latin1', at, Math.max(at, space));
    const end = /^[1-9]\d*$/.test(digits) ? at + Number(digits) : 0;
    if (end <= space || end > header.length || header[end - 1] !== LINE_END)
      damaged('a PAX header has a record of a wrong length');
    const record = header.toString('utf8', space + 1, end - 1);
    const equals = record.indexOf('=');
    if (equals < 1) damaged('a PAX header has a record without a keyword');
    yield [record.slice(0, equals), record.slice(equals + 1)];
    at = end;
  }
}
