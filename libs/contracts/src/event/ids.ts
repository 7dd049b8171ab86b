import { ID_PATTERN, ID_RULE, SlipwayError, type FieldProblem, type FunctionIds } from '@slipway/domain';
import type { CloudEvent, EventNaming } from './cloud-event';
import { quoted } from './quoted';

/** Facts about builds carry this in place of a tenant, so no tenant may have it. */
export const RESERVED_TENANT = 'builder';

function textIn(data: unknown, name: string): unknown {
  return typeof data === 'object' && data !== null ? (data as Record<string, unknown>)[name] : undefined;
}

function fromSource(event: CloudEvent, naming: EventNaming): { tenant?: string; parser?: string } {
  if (!event.source.startsWith(naming.sourcePrefix)) return {};
  return { tenant: event.source.slice(naming.sourcePrefix.length), parser: event.subject };
}

function pick(pointer: string, outer: string | undefined, inner: unknown, problems: FieldProblem[]): string {
  if (outer !== undefined && inner !== undefined && outer !== inner) {
    problems.push({
      pointer,
      detail: `says ${quoted(inner)} but the event's source and subject say ${quoted(outer)}`,
    });
  }
  const value = outer ?? inner;
  if (value === undefined)
    problems.push({ pointer, detail: 'is required (or give it as source and subject)' });
  else if (typeof value !== 'string' || !ID_PATTERN.test(value)) {
    problems.push({ pointer, detail: ID_RULE });
  }
  return typeof value === 'string' ? value : '';
}

/**
 * Whom a command speaks for: tenant and function, from source and subject where the source is one of ours, else from the
 * data. Where both name them they must agree. Fails with `invalid_event`.
 */
export function idsOf(event: CloudEvent, naming: EventNaming): FunctionIds {
  const outer = fromSource(event, naming);
  const problems: FieldProblem[] = [];
  const tenant = pick('/data/third_party_id', outer.tenant, textIn(event.data, 'third_party_id'), problems);
  const parser = pick('/data/parser_id', outer.parser, textIn(event.data, 'parser_id'), problems);
  if (tenant === RESERVED_TENANT) {
    problems.push({
      pointer: '/data/third_party_id',
      detail: `"${RESERVED_TENANT}" is reserved for Slipway's own events`,
    });
  }
  if (problems.length > 0) {
    const first = problems[0]!;
    throw new SlipwayError('invalid_event', `${first.pointer} ${first.detail}.`, { problems });
  }
  return { tenant, parser };
}
