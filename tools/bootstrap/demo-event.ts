import { randomUUID } from 'node:crypto';
import { connect } from 'amqplib';
import { Refusal } from './refusal.ts';

const DEMO_FUNCTION = { third_party_id: 'demo', parser_id: 'hello', runtime: 'nodejs24' } as const;

const TYPE = 'network.notifi.lambda.build.start';

/** The demo's command as a structured CloudEvent, the form that any client can write by hand. */
export function buildStartEvent(id: string, time: Date): object {
  return {
    specversion: '1.0',
    id,
    type: TYPE,
    source: `network.notifi.${DEMO_FUNCTION.third_party_id}`,
    subject: DEMO_FUNCTION.parser_id,
    time: time.toISOString(),
    datacontenttype: 'application/json',
    data: DEMO_FUNCTION,
  };
}

/** Publishes it as an outside client would, and returns once the broker holds it. Throws a Refusal where no queue takes it. */
export async function publishBuildStart(amqp: string): Promise<void> {
  const connection = await connect(amqp);
  try {
    const channel = await connection.createConfirmChannel();
    let returned = false;
    channel.on('return', () => (returned = true));
    const body = Buffer.from(JSON.stringify(buildStartEvent(randomUUID(), new Date())));
    channel.publish('cloud-events', TYPE, body, {
      contentType: 'application/cloudevents+json',
      persistent: true,
      mandatory: true,
    });
    await channel.waitForConfirms();
    if (returned)
      throw new Refusal(
        'RabbitMQ has no queue for build.start: the app ingest did not declare it, see its log.',
      );
  } finally {
    await connection.close();
  }
}
