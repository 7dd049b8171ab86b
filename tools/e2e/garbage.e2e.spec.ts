import { ERROR_CATALOGUE } from '@slipway/domain';
import { OutsideClient } from '@slipway/testing';
import { Random } from '../chaos/lib/random';
import {
  ALL_QUEUES,
  QueueAccount,
  brokerTakes,
  processes,
  type AppProcess,
  type Verdicts,
} from './garbage-account';
import { garbageFor, hugeFor } from './garbage-messages';
import { System, saying } from './system';

const SEED = process.env['SLIPWAY_GARBAGE_SEED'] ?? 'garbage';
const MESSAGES = 1000;
const MIB = 1024 * 1024;
/** Long, because one message may wait behind a thousand others on a slow machine. */
const LIMIT_MS = 120_000;

/** What garbage may be called: everything but our own failures. */
const REASONS = [...Object.keys(ERROR_CATALOGUE), 'report_refused'].filter(
  (code) => code !== 'internal_error' && code !== 'unavailable',
);

describe(`garbage on every queue (SLIPWAY_GARBAGE_SEED=${SEED})`, () => {
  let system: System;
  let outside: OutsideClient;
  let before: AppProcess[];
  let accounts: QueueAccount[];
  const verdicts = new Map<string, Verdicts>();

  beforeAll(async () => {
    system = await System.up();
    outside = await OutsideClient.connect();
    before = await processes();
    const most = (await brokerTakes(17 * MIB)) ? 17 : 15;
    accounts = [];
    for (const queue of ALL_QUEUES) accounts.push(await QueueAccount.open(queue, outside));
    const random = new Random(SEED);
    const draws = accounts.map((account) => ({ account, random: random.fork(account.queue.name) }));
    for (let index = 0; index < MESSAGES; index += 1) {
      for (const { account, random: own } of draws) account.send(garbageFor(account.queue, index, own));
    }
    for (const [index, account] of accounts.entries()) {
      account.send(hugeFor(account.queue, (index % 2 === 0 ? 15 : most) * MIB));
    }
  });
  afterAll(async () => {
    for (const queue of ALL_QUEUES) await outside.channel.purgeQueue(`${queue.name}-dlq`);
    await outside.close();
  });

  it('does not keep a neighbour from being built, deployed and called', async () => {
    const ids: string[] = [];
    for (const parser of ['one', 'two', 'three'])
      ids.push(await system.start('neighbour', parser, saying(parser)));
    for (const id of ids) expect(await system.ended(id)).toMatchObject({ status: 'succeeded' });
    const { deployment } = await system.deployed(ids[0]!);
    const answer = await fetch(deployment.url!, { method: 'POST', body: '{}' });
    expect(await answer.json()).toEqual({ said: 'one' });
  });

  it('builds what names an empty correlation id, and gives it one', async () => {
    const id = await system.start('neighbour', 'nameless', { ...saying('x'), correlation_id: '' });
    const build = await system.ended(id);
    expect(build).toMatchObject({
      status: 'succeeded',
      correlation_id: expect.stringMatching(/\S/) as string,
    });
  });

  it.each(ALL_QUEUES.map(({ name }, index) => [name, index] as const))(
    'gives every message of %s one verdict',
    async (name, index) => {
      const settled = await accounts[index]!.settled(LIMIT_MS);
      expect(settled.dead).toBeGreaterThan(MESSAGES / 4);
      verdicts.set(name, settled);
    },
  );

  it.each(ALL_QUEUES.map(({ name }, index) => [name, index] as const))(
    'says of every dead letter of %s what is wrong with it, and keeps its bytes',
    async (name, index) => {
      const account = accounts[index]!;
      const letters = await account.deadLetters(verdicts.get(name)!.dead);
      const unclear = [...letters].filter(
        ([, { reason, detail }]) => !REASONS.includes(reason) || !/\S.{8,}\.$/s.test(detail),
      );
      expect(unclear).toEqual([]);
      const changed = [...letters].filter(([letter, { sha256 }]) => sha256 !== account.sentAs(letter));
      expect(changed).toEqual([]);
      const tooLarge = [...letters.values()].filter(({ reason }) => reason === 'payload_too_large');
      expect(tooLarge).toHaveLength(1);
    },
  );

  it('ends no app', async () => {
    const after = await processes();
    expect(after.map(({ name, pid, ready }) => ({ name, pid, ready }))).toEqual(
      before.map(({ name, pid }) => ({ name, pid, ready: true })),
    );
  });
});
