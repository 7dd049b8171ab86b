import { gzipSync } from 'node:zlib';
import { BUILT, FAILED, GREET, HEX, SECRET } from './stories.ts';
import { changed, rewritten, statement, type Seed } from './seed.ts';

const IN_JSON = JSON.stringify({ text: `before ${SECRET} after` }).replaceAll("'", "''");
const IN_URL = `amqp://user:${encodeURIComponent(SECRET)}@broker`;
const CONTEXT = 'contexts/contexts/build-context/acme/greet/x/context.tar.gz';

function inLedger(found: string, sow: Seed['sow'], buildId?: string): Seed {
  return { rule: 'no secret stands in the ledger', found: `secret 1 is in ${found}`, buildId, sow };
}

function outside(found: string, sow: Seed['sow']): Seed {
  return { rule: 'no secret stands in an event, a context or an image', found, sow };
}

/** Seeds of I9. */
export const SECRET_SEEDS: readonly Seed[] = [
  inLedger('the event call-1 of the outbox', rewritten('call-1', '"parser.start"', JSON.stringify(SECRET))),
  inLedger(
    'its history at version 1',
    changed('build_events', BUILT, `detail = '${IN_JSON}'`, 'version = 1'),
    BUILT.buildId,
  ),
  inLedger('its cause', changed('builds', FAILED, `cause = '{"message": "${IN_URL}"}'`), FAILED.buildId),
  inLedger(
    'the reports of attempt 2',
    changed('build_attempts', FAILED, `report = '${IN_JSON}'`, 'attempt = 2'),
    FAILED.buildId,
  ),
  inLedger(
    `the cause of ${GREET}`,
    statement(`update functions set applied_cause = '${IN_JSON}' where service = '${GREET}'`),
    BUILT.buildId,
  ),
  inLedger(`the cause of a delivery to ${GREET}`, statement(`update deliveries set cause = '${IN_JSON}'`)),
  inLedger('the last failure of sweep records', statement(`update due_work set last_cause = '${IN_JSON}'`)),
  {
    rule: 'no secret stands in a build log',
    found: 'secret 1 is in the log of attempt 1',
    buildId: BUILT.buildId,
    // In two pieces, the second of which was stored first.
    sow: async (scene) => {
      const piece = { build_id: BUILT.buildId, attempt: 1 };
      await scene.insert('build_logs', { ...piece, offset: 18, bytes: Buffer.from(SECRET.slice(5)) });
      await scene.insert('build_logs', { ...piece, offset: 13, bytes: Buffer.from(SECRET.slice(0, 5)) });
    },
  },
  outside('secret 1 is in the received event call-1', ({ observed: { events } }) => {
    events.push({ ...events.find(({ id }) => id === 'call-1')!, data: { text: SECRET } });
  }),
  outside('secret 1 is in the image file ', (scene) =>
    // Across the border of what is read at once.
    scene.write(`images/${HEX}/bin/data`, Buffer.concat([Buffer.alloc(256 * 1024 - 7), Buffer.from(SECRET)])),
  ),
  outside('secret 1 is in the context ', (scene) =>
    scene.write(CONTEXT, gzipSync(`${'x'.repeat(99)}${SECRET}`)),
  ),
  outside('secret 1 is in the context ', (scene) =>
    // What a writer left that was killed.
    scene.write(CONTEXT, gzipSync(`${SECRET}${'x'.repeat(99)}`, { level: 0 }).subarray(0, -20)),
  ),
  outside('context.tar.gz could not be searched: incorrect header check', (scene) =>
    scene.write(CONTEXT, 'no archive'),
  ),
];
