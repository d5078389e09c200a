import { isSpanContextValid, TraceFlags, type SpanContext } from '@opentelemetry/api';

/** W3C Trace Context, section 3.2: version, trace id, parent id and flags. */
const TRACEPARENT = /^([\da-f]{2})-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})(?:-.*)?$/;

/** Parses a `traceparent` (W3C Trace Context). @returns null for none, or one that is not valid */
export const parseTraceparent = (text: unknown): SpanContext | null => {
  const [, version, traceId = '', spanId = '', flags = ''] =
    typeof text === 'string' ? (TRACEPARENT.exec(text) ?? []) : [];
  const traceFlags = Number.parseInt(flags, 16) & TraceFlags.SAMPLED;
  const parsed = { traceId, spanId, traceFlags };
  return version === 'ff' || !isSpanContextValid(parsed) ? null : parsed;
};
