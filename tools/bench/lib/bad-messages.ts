import { QUEUES } from '../../bootstrap/queues.ts';
import type { Message } from './servers.ts';
import { STRUCTURED, TYPE_PREFIX } from './start-events.ts';

/** Types that some queue takes, so that each queue gets right ones and wrong ones. */
const TYPES = [
  'build.start',
  'build.cancel',
  'service.update',
  'parser.start',
  'build.complete',
  'none.such',
];

/** What is wrong, from the outermost to the innermost: no JSON, no event, no data, ids that no function has. */
const BODIES: readonly ((number: number) => unknown)[] = [
  () => '{"specversion": "1.0", "id": ',
  () => ({ hello: 'world' }),
  (number) => eventOf(number, undefined),
  (number) => eventOf(number, { third_party_id: '../..', parser_id: '', build_id: `none-${number}` }),
];

function eventOf(number: number, data: object | undefined): object {
  return {
    specversion: '1.0',
    id: `bad-${number}`,
    type: `${TYPE_PREFIX}${TYPES[number % TYPES.length]}`,
    source: 'network.notifi.bad',
    subject: `bad-${number % 20}`,
    ...(data === undefined ? {} : { data }),
  };
}

/** The queues in turn, each with every kind of fault in turn. */
export function badMessage(number: number): Message {
  const body = BODIES[Math.floor(number / QUEUES.length) % BODIES.length]!(number);
  return {
    exchange: '',
    routingKey: QUEUES[number % QUEUES.length]!,
    body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
    options: { contentType: STRUCTURED },
  };
}
