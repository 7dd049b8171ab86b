import type { AnswerFilter } from './link.ts';
import { MessageSplitter, type Piece } from './message-splitter.ts';

// AMQP 0-9-1, section 4.2.3: type (1 byte), channel (2), size of the payload (4), payload, end (1).
const HEADER_BYTES = 7;
const END_BYTES = 1;
const METHOD_FRAME = 1;
/** Method, header, body, heartbeat. */
const FRAME_TYPES = [METHOD_FRAME, 2, 3, 8];

// The payload of a method frame: class (2 bytes), method (2), arguments. Those of both confirms are a delivery tag (8 bytes)
// and bits (1).
const BASIC_CLASS = 60;
const CONFIRM_METHODS = [80, 120]; // ack, nack
const CONFIRM_BYTES = HEADER_BYTES + 13 + END_BYTES;

function frameSize(bytes: Buffer): number | undefined {
  // A broker that does not speak the client's version answers with a protocol header instead of frames.
  if (!FRAME_TYPES.includes(bytes.readUInt8(0))) return Infinity;
  return bytes.length < HEADER_BYTES ? undefined : HEADER_BYTES + bytes.readUInt32BE(3) + END_BYTES;
}

function isConfirm({ bytes, whole }: Piece): boolean {
  return (
    whole &&
    bytes.length === CONFIRM_BYTES &&
    bytes.readUInt8(0) === METHOD_FRAME &&
    bytes.readUInt16BE(HEADER_BYTES) === BASIC_CLASS &&
    CONFIRM_METHODS.includes(bytes.readUInt16BE(HEADER_BYTES + 2))
  );
}

/** What a broker sends, less each basic.ack and basic.nack for which `swallow` says true. */
export function withoutConfirms(swallow: () => boolean): AnswerFilter {
  const splitter = new MessageSplitter(frameSize, CONFIRM_BYTES);
  return (chunk) => {
    const passed = splitter.split(chunk).filter((piece) => !(isConfirm(piece) && swallow()));
    return Buffer.concat(passed.map(({ bytes }) => bytes));
  };
}
