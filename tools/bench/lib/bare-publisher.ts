// The relay's baseline, a process of its own: amqplib and nothing else. Publishes the same messages, as many at a time,
// once to warm up and once for the measurement, and prints {"seconds", "cpu"} of that one.
// Usage: bare-publisher.ts COUNT BATCH, with AMQP_URL in the environment.
import { cpuSeconds } from './cpu.ts';
import { factOf, messageOf } from './facts.ts';
import { publishInBatches, withChannel, type Message } from './servers.ts';

const [count, batch] = process.argv.slice(2).map(Number) as [number, number];
const messages: Message[] = Array.from({ length: count }, (_, number) => messageOf(factOf(number)));

await withChannel(process.env.AMQP_URL!, async (channel) => {
  await publishInBatches(channel, messages, batch);
  const cpu = cpuSeconds(process.pid);
  const start = performance.now();
  await publishInBatches(channel, messages, batch);
  const seconds = (performance.now() - start) / 1000;
  process.stdout.write(JSON.stringify({ seconds, cpu: cpuSeconds(process.pid) - cpu }));
});
