import {
  ROOT_CONTEXT,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Link,
  type Span,
  type SpanOptions,
} from '@opentelemetry/api';
import { parseTraceparent } from './parse-traceparent.ts';
import { beginTrace, runInTrace } from './trace-context.ts';

/** OpenTelemetry's limit of a span. */
const MAX_LINKS = 128;

/**
 * The current span as a `traceparent` (W3C Trace Context), to be stored with work that is finished later.
 * @returns null when it is not sampled, or there is none
 */
export const sampledTraceparent = (): string | null => {
  const span = trace.getActiveSpan()?.spanContext();
  return span && (span.traceFlags & TraceFlags.SAMPLED) !== 0
    ? `00-${span.traceId}-${span.spanId}-01`
    : null;
};

const toLinks = (causes: readonly (string | null)[]): Link[] =>
  [...new Set(causes)]
    .map(parseTraceparent)
    .filter((context) => context !== null)
    .slice(0, MAX_LINKS)
    .map((context) => ({ context }));

/**
 * Runs work in the background in a trace of its own, whose first span links to what caused the work.
 * Without spans it has only the id of a trace, for logs and calls.
 * @param causes what `sampledTraceparent` returned then
 */
export const runLinked = <Result>(
  name: string,
  options: Pick<SpanOptions, 'kind' | 'attributes'>,
  causes: readonly (string | null)[],
  work: () => Promise<Result>,
): Promise<Result> => {
  const unrecorded = beginTrace({});
  if (unrecorded) return runInTrace(unrecorded, work);
  const run = async (span: Span): Promise<Result> => {
    try {
      return await work();
    } catch (error) {
      // Its text may have data of a request: the log has it.
      span.setStatus({ code: SpanStatusCode.ERROR });
      throw error;
    } finally {
      span.end();
    }
  };
  const linked = { ...options, root: true, links: toLinks(causes) };
  return trace.getTracer('cartograph.background').startActiveSpan(name, linked, ROOT_CONTEXT, run);
};
