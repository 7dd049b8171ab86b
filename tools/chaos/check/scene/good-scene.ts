import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { attempt, minute, publish, tell, type BuildStory } from './build-story.ts';
import { Scene } from './scene.ts';
import {
  BUILT,
  CANCELLED,
  DIGEST,
  FAILED,
  GREET,
  HEX,
  IDENTITIES,
  OTHER,
  REUSED,
  SECRET,
  START_DATA,
} from './stories.ts';

const REPOSITORY = '127.0.0.1:5000/knative-lambdas';

function imageOf(tenant: string, parser: string, identity: string): string {
  return `${REPOSITORY}:${tenant}-${parser}-${identity.slice(0, 12)}`;
}

function contextKey(tenant: string, parser: string, identity: string): string {
  return `build-context/${tenant}/${parser}/${identity}/context.tar.gz`;
}

/** What another client sent under the id of BUILT, and was refused for. */
const CONFLICTING_DATA = { ...START_DATA, code: 'other' };
const START = { type: 'network.notifi.lambda.build.start', source: 'network.notifi.acme' };

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

async function builds(scene: Scene): Promise<void> {
  // RFC 8785: members in order, no spaces.
  const sent = `{"data":{"code":"é\\n","runtime":"nodejs24"},"subject":"greet","type":"${START.type}"}`;
  const image = imageOf('acme', 'greet', IDENTITIES.built);
  const artifact = { kind: 'image', uri: image, digest: DIGEST };
  const context = (story: BuildStory, identity: string): object => ({
    identity,
    context: { store: 'file', key: contextKey(story.tenant, story.parser, identity), size: 1, sha256: '0' },
  });
  const made = { image_uri: image, artifact };
  await tell(scene, {
    ...BUILT,
    row: { ...context(BUILT, IDENTITIES.built), ...made, event_hash: sha256(sent) },
  });
  const reuse = { identity: IDENTITIES.built, reused: true, reused_from: BUILT.buildId };
  await tell(scene, { ...REUSED, row: { ...made, ...reuse } });
  await tell(scene, { ...FAILED, row: { ...context(FAILED, IDENTITIES.failed), cause: { message: 'no' } } });
  await tell(scene, { ...CANCELLED, row: context(CANCELLED, IDENTITIES.cancelled) });
  await scene.insert('artifacts', {
    identity: IDENTITIES.built,
    tenant: 'acme',
    ...made,
    build_id: BUILT.buildId,
  });
}

async function attempts(scene: Scene): Promise<void> {
  const of = (story: BuildStory, identity: string) => ({
    identity,
    imageUri: imageOf(story.tenant, story.parser, identity),
  });
  await attempt(scene, BUILT, { attempt: 1, ...of(BUILT, IDENTITIES.built), from: 4, to: 7 });
  await attempt(scene, FAILED, { attempt: 1, ...of(FAILED, IDENTITIES.failed), from: 4, to: 5 });
  await attempt(scene, FAILED, { attempt: 2, ...of(FAILED, IDENTITIES.failed), from: 6, to: 8 });
  await attempt(scene, CANCELLED, { attempt: 1, ...of(CANCELLED, IDENTITIES.cancelled), from: 4, to: 6 });
  const piece = { build_id: BUILT.buildId, attempt: 1 };
  await scene.insert('build_logs', { ...piece, offset: 0, bytes: Buffer.from('first ') });
  await scene.insert('build_logs', { ...piece, offset: 6, bytes: Buffer.from('last\0\xff\n', 'latin1') });
}

/** A row, and what the services folder holds for it. */
async function serve(scene: Scene, service: string, { tenant, parser, buildId }: BuildStory): Promise<void> {
  const revision = `${service}-00000001`;
  const code = { code_sequence: 1, code_build_id: buildId, code_artifact: { kind: 'image', digest: DIGEST } };
  const applied = { applied_version: 1, applied_status: 'ready', applied_revision: revision };
  await scene.insert('functions', {
    ...{ tenant, parser, service, counter: 2, wish_sequence: 1, wish_version: 1 },
    ...code,
    ...applied,
    ...{ applied_build_id: buildId, applied_digest: DIGEST },
  });
  scene.write(`services/${service}/${revision}.json`, { service, revision, tenant, parser, digest: DIGEST });
  scene.write(`services/${service}/current.json`, { revision, sequence: 1 });
}

async function functions(scene: Scene): Promise<void> {
  await serve(scene, GREET, BUILT);
  await serve(scene, OTHER, REUSED);
  await scene.insert('functions', { tenant: 'globex', parser: 'greet', service: 'lambda-globex-greet' });
  scene.write(`images/${HEX}/index.js`, 'module.exports = 1;\n');
  for (const [story, identity] of [
    [BUILT, IDENTITIES.built],
    [FAILED, IDENTITIES.failed],
    [CANCELLED, IDENTITIES.cancelled],
  ] as const) {
    const key = contextKey(story.tenant, story.parser, identity);
    await scene.insert('stored_contexts', {
      identity,
      tenant: story.tenant,
      store: 'file',
      key,
      state: 'ready',
    });
    scene.write(`contexts/contexts/${key}`, gzipSync('a context'));
  }
}

/** An event to a function, with data that PostgreSQL refuses to unescape, and the function's reply. */
async function delivery(scene: Scene): Promise<void> {
  const data = { text: 'a\0b\ud800c\\u0000' };
  const event = { id: 'call-1', source: 'network.notifi.acme', type: 'parser.start', subject: 'greet', data };
  await publish(scene, event, 'acme/greet');
  await publish(scene, { ...event, id: `call-1/${GREET}/reply`, type: 'parser.complete' }, 'acme/greet');
  await scene.insert('deliveries', {
    ...{ event_id: 'call-1', event_source: event.source, service: GREET, tenant: 'acme', parser: 'greet' },
    ...{ event, hops: 0, state: 'done', ended_at: minute(60) },
  });
  await scene.insert('due_work', { kind: 'sweep', key: 'records' });
}

function outside({ observed, queues }: Scene): void {
  for (const story of [BUILT, REUSED, FAILED, CANCELLED]) {
    const { tenant, parser, eventId: id, buildId } = story;
    const start = { tenant, parser, source: `network.notifi.${tenant}`, id, at: 0 };
    observed.starts.push(
      story === BUILT
        ? { ...start, by: 'amqp', content: sha256(JSON.stringify(START_DATA)) }
        : { ...start, by: 'http', buildId, content: id },
    );
  }
  for (const data of [START_DATA, CONFLICTING_DATA]) {
    observed.events.push({ ...START, id: BUILT.eventId, subject: 'greet', data, at: 0 });
  }
  observed.cancels.push({ buildId: CANCELLED.buildId, by: 'http', at: 0, status: 200 });
  observed.cancels.push({ buildId: BUILT.buildId, by: 'http', at: 0, status: 409 });
  queues.push({ name: 'kaniko-jobs', ready: 0 });
  queues.push({ name: 'lambda-build-events-dlq', ready: 1 });
}

/** Four builds at rest that break no invariant: built, reused, failed at the second attempt, cancelled. */
export async function goodScene(): Promise<Scene> {
  const scene = await Scene.open([SECRET]);
  try {
    await builds(scene);
    await attempts(scene);
    await functions(scene);
    await delivery(scene);
    outside(scene);
    return scene;
  } catch (error) {
    await scene.close();
    throw error;
  }
}
