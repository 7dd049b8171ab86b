// How long build contexts take that come all at once, beside a C program that hashes and compresses the same bytes; the
// time of each step and of the whole at a moderate rate on a slow S3 server; memory under very many at once.
// Settings of the app may stand in the environment. Usage: npm run bench contexts [-- CONTEXTS]
import type { ConfirmChannel } from 'amqplib';
import type pg from 'pg';
import { Random } from '../chaos/lib/random.ts';
import type { Scratch } from '../bootstrap/scratch.ts';
import { startApp } from './lib/apps.ts';
import { runSized } from './lib/bench.ts';
import { Builder } from './lib/contexts/builder.ts';
import { openFloor } from './lib/contexts/floor.ts';
import { allAtOnce, oneByOne, type Outcome, type Place } from './lib/contexts/load.ts';
import { withMemoryLimit } from './lib/contexts/memory-limit.ts';
import {
  reportAtOnce,
  reportDelays,
  reportMemory,
  reportPaced,
  reportSteps,
  type MemoryRun,
  type Rounds,
} from './lib/contexts/report.ts';
import type { SourceFile } from './lib/contexts/source-text.ts';
import { makeTrees, tarOf, uploadEdition } from './lib/contexts/sources.ts';
import { folders, s3, type Storage } from './lib/contexts/storages.ts';
import { withS3StandIn } from './lib/contexts/with-s3-stand-in.ts';
import { printLine, printSurroundings } from './lib/report.ts';
import { withChannel, withDatabase } from './lib/servers.ts';

const DEFAULT_CONTEXTS = 100;
const BYTES = 1_000_000;
const ROUNDS = 3;
const REPEATED = 0.9;
const S3_DELAY_MS = 30;
const PACED = { count: 200, perSecond: 10, least: 20_000, most: 800_000 };
const MANY = 5;
const LIMIT_BYTES = 512 * 1024 * 1024;

interface Bench {
  scratch: Scratch;
  client: pg.Client;
  channel: ConfirmChannel;
  trees: SourceFile[][];
  floor: Awaited<ReturnType<typeof openFloor>>;
}

const msOf = ({ wallMs }: Outcome) => `${wallMs.toFixed(0)} ms`;

/** The same functions again: most of them unchanged since they were stored. */
async function someRenewed(
  keys: readonly string[],
  renew: (count: number) => Promise<string[]>,
): Promise<string[]> {
  const renewed = await renew(Math.ceil(keys.length * (1 - REPEATED)));
  return [...renewed, ...keys.slice(renewed.length)];
}

async function measureRound(bench: Bench, place: Place, storage: Storage, round: number, rounds: Rounds) {
  const { trees, floor } = bench;
  const { steps, signal } = bench.scratch.context;
  const series = `${storage.name}-${round}`;
  const title = `${storage.name}, round ${round} of ${ROUNDS}`;
  const renew = (edition: string, count: number) =>
    uploadEdition(trees.slice(0, count), edition, { upload: storage.upload, signal });
  const [fresh, mixed] = await steps.run(`${title}: sources`, async () => {
    const keys = await renew(series, trees.length);
    return [keys, await someRenewed(keys, (count) => renew(`${series}-again`, count))] as const;
  });
  if ('run' in floor)
    rounds.floor.push(await steps.run(`${title}: floor`, floor.run, ({ ms }) => `${ms.toFixed(0)} ms`));
  rounds.fresh.push(await steps.run(`${title}: new contents`, () => allAtOnce(place, series, fresh), msOf));
  const again = () => allAtOnce(place, `${series}-again`, mixed);
  rounds.repeated.push(await steps.run(`${title}: repeated`, again, msOf));
}

async function measureRounds(bench: Bench, place: Place, storage: Storage): Promise<Rounds> {
  const { steps, signal } = bench.scratch.context;
  const rounds: Rounds = { storage: storage.name, floor: [], fresh: [], repeated: [] };
  await steps.run(`${storage.name}: warm-up`, async () => {
    const edition = `${storage.name}-warm-up`;
    const keys = await uploadEdition(bench.trees.slice(0, 40), edition, { upload: storage.upload, signal });
    return allAtOnce(place, edition, keys);
  });
  for (let round = 1; round <= ROUNDS; round += 1) await measureRound(bench, place, storage, round, rounds);
  return rounds;
}

async function measurePaced(bench: Bench, place: Place, storage: Storage): Promise<Outcome> {
  const { steps, signal } = bench.scratch.context;
  const { count, perSecond, least, most } = PACED;
  const random = new Random('paced');
  const sizes = Array.from({ length: count }, () => least * (most / least) ** random.next());
  const trees = makeTrees('paced', sizes.map(Math.round));
  const keys = await uploadEdition(trees, 'paced', { upload: storage.upload, signal });
  return steps.run(`${perSecond} contexts a second`, () => oneByOne(place, 'paced', keys, perSecond));
}

function measureMemory(bench: Bench, storage: Storage): Promise<MemoryRun> {
  const { scratch, client, channel, trees } = bench;
  const { steps, signal } = scratch.context;
  return withMemoryLimit(LIMIT_BYTES, async (limit) => {
    const keys: string[] = [];
    await steps.run('Sources of many', async () => {
      for (let part = 0; part < MANY; part += 1)
        keys.push(...(await uploadEdition(trees, `many-${part}`, { upload: storage.upload, signal })));
    });
    return Builder.lend(scratch, { settings: storage.settings, limit }, async (builder) => {
      const place = { scratch, client, channel, builder };
      const outcome = await steps.run(`${keys.length} at once`, () => allAtOnce(place, 'many', keys), msOf);
      const peaks = { peakKib: builder.peakKib(), peakBytes: limit?.peakBytes() };
      return { outcome, limited: limit !== undefined, kills: limit?.kills() ?? 0, ...peaks };
    });
  });
}

function report({ floor }: Bench, all: readonly Rounds[], paced: Outcome): void {
  printLine(`s3 is a stand-in in memory that answers after ${S3_DELAY_MS} ms; contexts of ${BYTES / 1e6} MB`);
  if ('missing' in floor) printLine(floor.missing);
  for (const rounds of all) reportAtOnce(rounds);
  reportPaced(paced, PACED.perSecond);
  reportSteps(`${PACED.perSecond} a second on s3`, paced);
  for (const { storage, fresh } of all) reportSteps(`all at once on ${storage}`, fresh.at(-1)!);
  reportDelays([...all.flatMap(({ fresh, repeated }) => [...fresh, ...repeated]), paced]);
}

async function measure(bench: Bench, endpoint: string): Promise<void> {
  const { scratch, client, channel } = bench;
  const [file, remote] = [folders(scratch.context), s3(endpoint)];
  const on = <T>({ settings }: Storage, work: (place: Place) => Promise<T>) =>
    Builder.lend(scratch, { settings }, (builder) => work({ scratch, client, channel, builder }));
  const onFile = await on(file, (place) => measureRounds(bench, place, file));
  const { onS3, paced } = await on(remote, async (place) => ({
    onS3: await measureRounds(bench, place, remote),
    paced: await measurePaced(bench, place, remote),
  }));
  await printSurroundings(client, channel);
  report(bench, [onFile, onS3], paced);
  reportMemory(await measureMemory(bench, remote), LIMIT_BYTES);
}

await runSized('contexts', DEFAULT_CONTEXTS, async (scratch, count) => {
  const { context, addresses } = scratch;
  const { steps } = context;
  await steps.run('The app ingest', () => startApp(scratch, 'ingest'));
  const trees = await steps.run('Sources', async () =>
    makeTrees('contexts', new Array<number>(count).fill(BYTES)),
  );
  const tars = await Promise.all(trees.map(tarOf));
  const floor = await steps.run('The floor, compiled', () => openFloor(context, tars));
  await withDatabase(addresses.database, (client) =>
    withChannel(addresses.amqp, (channel) =>
      withS3StandIn(S3_DELAY_MS, (endpoint) => measure({ scratch, client, channel, trees, floor }, endpoint)),
    ),
  );
});
