import { createHash } from 'node:crypto';
import type { BuildRow, Ledger } from '@slipway/ledger';

export const DIGEST = `sha256:${'d'.repeat(64)}`;
export const CONTEXT_ARCHIVE = Buffer.from('an archive');

let serial = 0;

/** A build in the queue whose stored context is `CONTEXT_ARCHIVE` under the key `k`. */
export async function queuedWithContext(ledger: Ledger, identity: string): Promise<BuildRow> {
  serial += 1;
  const { build } = await ledger.acceptBuild({
    event: { id: `e-${serial}`, source: 's', type: 't', specversion: '1.0', extensions: {} },
    tenant: 'acme',
    parser: 'greet',
    request: {},
    source: { kind: 'inline', files: { 'a.js': '1' } },
    platform: 'local',
    builder: 'host',
    lenient: false,
    correlationId: 'c',
    actor: 'spec',
  });
  const work = (await ledger.due.claim('prepare', 100)).find((item) => item.key === build.build_id)!;
  const sha256 = createHash('sha256').update(CONTEXT_ARCHIVE).digest('hex');
  const context = { store: 'file' as const, key: 'k', size: CONTEXT_ARCHIVE.length, sha256 };
  await ledger.contexts.refer(build, identity, context);
  return (await ledger.preparation.queue(work, build, {
    identity,
    runtime: 'nodejs24',
    context,
    imageUri: 'r/i:t',
  }))!;
}
