import { StringDecoder } from 'node:string_decoder';
import { Transform } from 'node:stream';
import { maskCredentials } from './credentials';

/** A line is held back until it is whole, but not without end. */
const MAX_HELD = 64 * 1024;

/** Masks a stream of text, whole lines at a time. */
export function maskedOutput(): Transform {
  const decoder = new StringDecoder('utf8');
  let held = '';
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      held += decoder.write(chunk);
      const lineEnd = Math.max(held.lastIndexOf('\n'), held.lastIndexOf('\r')) + 1;
      const ready = lineEnd === 0 && held.length > MAX_HELD ? held.length : lineEnd;
      const text = held.slice(0, ready);
      held = held.slice(ready);
      done(null, maskCredentials(text));
    },
    flush(done) {
      done(null, maskCredentials(held + decoder.end()));
    },
  });
}
