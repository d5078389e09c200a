import { SpanKind, SpanStatusCode, trace, type Span } from '@opentelemetry/api';
import { statementNameOf } from './statement-names.ts';

/** The query of a pool. */
export type Query = (...query: readonly unknown[]) => Promise<unknown>;

/** The text of a statement; null for those of Prisma's adapter, which have spans of their own. */
const textOf = ([first]: readonly unknown[]): string | null => {
  if (typeof first === 'string') return first;
  const { text, rowMode } = (first ?? {}) as { text?: unknown; rowMode?: unknown };
  return typeof text === 'string' && rowMode !== 'array' ? text : null;
};

/** Names the span after the comment of its statement, such as `order.place`. */
const nameSpan = (span: Span, text: string): void => {
  const name = span.isRecording() ? statementNameOf(text) : undefined;
  if (name === undefined) return;
  span.setAttribute('db.query.summary', name);
  span.updateName(name);
};

/** Runs a statement within a span that has its text, as Prisma's instrumentation does for its own. */
export const traceQuery = (given: readonly unknown[], query: Query): Promise<unknown> => {
  const text = textOf(given);
  if (text === null) return query(...given);
  const attributes = { 'db.system.name': 'postgresql', 'db.query.text': text };
  const options = { kind: SpanKind.CLIENT, attributes };
  return trace.getTracer('cartograph.postgres').startActiveSpan('query', options, async (span) => {
    nameSpan(span, text);
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
