import { findNewBuild, followBuild, listDemoBuilds } from './demo-build.ts';
import { callFunction, sendEvent } from './demo-call.ts';
import { publishBuildStart } from './demo-event.ts';
import { putExampleSource } from './demo-source.ts';
import type { Context } from './context.ts';
import { Refusal } from './refusal.ts';
import type { Addresses } from './run-record.ts';

/** Shows the main job: source in the object store, build.start over RabbitMQ, the build, the function's answer. Returns its URL. */
export async function demonstrate(context: Context, { api, amqp }: Addresses): Promise<string> {
  const { steps, signal, root, state } = context;
  const ask = { api, signal };
  await steps.run('Demo: source into the object store', async () => putExampleSource(root, state.objects));
  const known = await listDemoBuilds(ask);
  const id = await steps.run(
    'Demo: build.start over RabbitMQ',
    async () => {
      await publishBuildStart(amqp);
      return findNewBuild(ask, known);
    },
    (found) => found,
  );
  const build = await steps.run(
    'Demo: build',
    (note) => followBuild(ask, id, note),
    ({ reused }) => (reused ? 'reused' : ''),
  );
  const url = build.deployment?.url;
  if (!url) throw new Refusal(`The build ${id} is deployed but names no address: see ${api}/builds/${id}.`);
  await steps.run(
    'Demo: call the function',
    () => callFunction(url, signal),
    (answer) => `→ ${answer}`,
  );
  await steps.run(
    'Demo: send it a CloudEvent',
    () => sendEvent(url, signal),
    (answer) => `→ ${answer || '(empty)'}`,
  );
  return url;
}
