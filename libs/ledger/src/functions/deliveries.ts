import { structuredOf, eventFromStructured, type CloudEvent } from '@slipway/contracts';
import type { Cause } from '@slipway/domain';
import { sql } from 'kysely';
import { eventJson, json, oneRow, type Database } from '../database/database';
import { schedule, type DueWork, type LeasedWork } from '../due-work/due-work';
import { firstSight, type InboxKey } from '../inbox';
import type { OutgoingMessage } from '../outbox/facts';
import { enqueue } from '../outbox/outbox';

export interface DeliveryTarget {
  service: string;
  tenant: string;
  parser: string;
}

export interface Delivery extends DeliveryTarget {
  event: CloudEvent;
  hops: number;
}

interface RawDelivery extends DeliveryTarget {
  event: unknown;
  hops: number;
}

function keyOf(event: CloudEvent, service: string): string {
  return JSON.stringify([event.source, event.id, service]);
}

/** Events on their way to functions: one row per event and function, kept when it could not be delivered. */
export class Deliveries {
  constructor(
    private readonly database: Database,
    private readonly due: DueWork,
  ) {}

  /** Stores one delivery per target, once per event. */
  async add(
    inbox: InboxKey,
    event: CloudEvent,
    targets: readonly DeliveryTarget[],
    hops: number,
  ): Promise<boolean> {
    return this.database.transaction(async (tx) => {
      if (!(await firstSight(tx, inbox))) return false;
      for (const target of targets) {
        await sql`insert into deliveries (event_id, event_source, service, tenant, parser, event, hops)
          values (${event.id}, ${event.source}, ${target.service}, ${target.tenant}, ${target.parser},
            ${eventJson(structuredOf(event))}, ${hops}) on conflict do nothing`.execute(tx);
        await schedule(tx, 'invoke', [{ key: keyOf(event, target.service), tenant: target.tenant }]);
      }
      return true;
    });
  }

  async read(work: LeasedWork): Promise<Delivery | undefined> {
    const [source, id, service] = JSON.parse(work.key) as [string, string, string];
    const row = await oneRow<RawDelivery>(
      this.database.kysely,
      sql`select * from deliveries where event_source = ${source} and event_id = ${id} and service = ${service}
        and state = 'pending'`,
    );
    return row && { ...row, event: eventFromStructured(row.event) };
  }

  /** Ends a delivery, with what goes out because of it. */
  async end(
    work: LeasedWork,
    delivery: Delivery | undefined,
    result: { state: 'done' | 'dead'; status?: number; cause?: Cause; messages: readonly OutgoingMessage[] },
  ): Promise<void> {
    await this.due.close(work, async (tx) => {
      if (!delivery) return;
      await sql`update deliveries set state = ${result.state}, status = ${result.status ?? null},
        cause = ${json(result.cause)}, ended_at = clock_timestamp()
        where event_source = ${delivery.event.source} and event_id = ${delivery.event.id}
          and service = ${delivery.service}`.execute(tx);
      await enqueue(tx, result.messages);
    });
  }

  /** Counts a function's answer and keeps the last one. */
  async countResult(
    inbox: InboxKey,
    ids: { tenant: string; parser: string },
    event: CloudEvent,
    ok: boolean,
  ): Promise<void> {
    await this.database.transaction(async (tx) => {
      if (!(await firstSight(tx, inbox))) return;
      await sql`insert into function_results as r (tenant, parser, completed, failed, last_event)
        values (${ids.tenant}, ${ids.parser}, ${ok ? 1 : 0}, ${ok ? 0 : 1}, ${eventJson(structuredOf(event))})
        on conflict (tenant, parser) do update set completed = r.completed + excluded.completed,
          failed = r.failed + excluded.failed, last_event = excluded.last_event,
          last_at = clock_timestamp()`.execute(tx);
    });
  }
}
