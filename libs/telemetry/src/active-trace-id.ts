import { trace } from '@opentelemetry/api';

/** The trace this code runs in, as 32 hex digits; undefined outside any. */
export const activeTraceId = (): string | undefined => trace.getActiveSpan()?.spanContext().traceId;
