import type { Context } from './context.ts';
import type { Addresses } from './run-record.ts';
import { printAddresses } from './status.ts';

const BUILD_START = `{"specversion":"1.0","id":"'$(date +%s)'","type":"network.notifi.lambda.build.start","source":"network.notifi.demo","subject":"hello","data":{"third_party_id":"demo","parser_id":"hello","runtime":"nodejs24"}}`;

/** The addresses, and commands to copy that show what to try next. */
export function printNextSteps(
  { steps, state }: Context,
  addresses: Addresses,
  functionUrl: string | undefined,
): void {
  steps.line('');
  printAddresses(steps, addresses);
  steps.line('\nTry next:');
  if (functionUrl)
    steps.line(`  curl -s ${functionUrl} -H 'content-type: application/json' -d '{"name":"you"}'`);
  steps.line(`  curl -s '${addresses.api}/builds?third_party_id=demo'`);
  steps.line(
    `  curl -si ${addresses.events}/events -H 'content-type: application/cloudevents+json' -d '${BUILD_START}'`,
  );
  steps.line(`  tail -f ${state.logs}/*.log`);
  steps.line('  npm run status -- --json     (all addresses, with user and password)');
}
