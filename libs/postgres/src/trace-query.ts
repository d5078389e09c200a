import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';

/** The query of a pool. */
export type Query = (...query: readonly unknown[]) => Promise<unknown>;

/** The text of a statement; null for those of Prisma's adapter, which have spans of their own. */
const textOf = ([first]: readonly unknown[]): string | null => {
  if (typeof first === 'string') return first;
  const { text, rowMode } = (first ?? {}) as { text?: unknown; rowMode?: unknown };
  return typeof text === 'string' && rowMode !== 'array' ? text : null;
};

/** Runs a statement within a span that has its text, as Prisma's instrumentation does for its own. */
export const traceQuery = (given: readonly unknown[], query: Query): Promise<unknown> => {
  const text = textOf(given);
  if (text === null) return query(...given);
  const attributes = { 'db.system.name': 'postgresql', 'db.query.text': text };
  const options = { kind: SpanKind.CLIENT, attributes };
  return trace.getTracer('cartograph.postgres').startActiveSpan('query', options, async (span) => {
    try {
      return await query(...given);
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR });
      throw error;
    } finally {
      span.end();
    }
  });
};
