import { SpanStatusCode, context, propagation, trace } from '@opentelemetry/api';

/**
 * Runs one step inside a span that continues the trace of the event which led to it. Without an SDK this costs next to
 * nothing; the traceparent itself travels through the ledger either way.
 */
export async function inSpan<T>(
  name: string,
  traceparent: string | null | undefined,
  attributes: Record<string, string>,
  step: () => Promise<T>,
): Promise<T> {
  const parent = traceparent ? propagation.extract(context.active(), { traceparent }) : context.active();
  return trace.getTracer('slipway').startActiveSpan(name, { attributes }, parent, async (span) => {
    try {
      return await step();
    } catch (error) {
      span.setStatus({
        code: SpanStatusCode.ERROR,
        message: error instanceof Error ? error.message : String(error),
      });
      throw error;
    } finally {
      span.end();
    }
  });
}
