import { AsyncLocalStorage } from 'node:async_hooks';
import type { IncomingHttpHeaders } from 'node:http';
import {
  context,
  createTraceState,
  ROOT_CONTEXT,
  trace,
  TraceFlags,
  type Context,
  type ContextManager,
  type SpanContext,
} from '@opentelemetry/api';
import { parseTraceparent } from './parse-traceparent.ts';

/** The trace of one request, when this process records no spans. */
export type RequestTrace = Context;

/** Section 3.3.1.1: what is longer may be dropped. */
const MAX_TRACESTATE = 512;

const HEX_DIGITS_PER_NUMBER = 8;

/** Ids of traces are no secrets: OpenTelemetry makes them in the same way. */
const randomHex = (digits: number): string => {
  let hex = '';
  while (hex.length < digits) {
    hex += ((Math.random() * 2 ** 32) >>> 0).toString(16).padStart(HEX_DIGITS_PER_NUMBER, '0');
  }
  return hex;
};

const readParent = (headers: IncomingHttpHeaders): Omit<SpanContext, 'spanId'> | null => {
  const { traceparent, tracestate } = headers;
  const parent = parseTraceparent(traceparent);
  if (!parent) return null;
  const { traceId, traceFlags } = parent;
  const isStateKept = typeof tracestate === 'string' && tracestate.length <= MAX_TRACESTATE;
  return { traceId, traceFlags, ...(isStateKept && { traceState: createTraceState(tracestate) }) };
};

type Work = (...args: unknown[]) => unknown;

/** As that of the SDK, which takes as long to load as the rest of a service. */
const makeContextManager = (): ContextManager => {
  const storage = new AsyncLocalStorage<Context>();
  const bindTo = (active: Context, work: Work): never =>
    ((...args: unknown[]) => storage.run(active, () => work(...args))) as never;
  const manager: ContextManager = {
    active: () => storage.getStore() ?? ROOT_CONTEXT,
    with: (active, work, thisArg, ...args) =>
      storage.run(active, () => work.call(thisArg as never, ...args)),
    bind: (active, target) =>
      typeof target === 'function' ? bindTo(active, target as Work) : target,
    enable: () => manager,
    disable: () => {
      storage.disable();
      return manager;
    },
  };
  return manager;
};

/** Whether requests have a trace without spans. Else OpenTelemetry's instrumentations make spans. */
let isOn = false;

/**
 * Gives each request a trace id without recording spans: an instrumentation costs as much for a span
 * that nobody receives as for one that is exported.
 * @returns the function that ends this
 */
export const startTraceContext = (): (() => void) => {
  context.setGlobalContextManager(makeContextManager());
  isOn = true;
  return () => {
    isOn = false;
    context.disable();
  };
};

/**
 * Begins this process's part of a request: in the trace of its `traceparent` header (W3C Trace
 * Context), or in a new one that is not sampled.
 * @returns null when OpenTelemetry's instrumentations do that, or telemetry is not started
 */
export const beginTrace = (headers: IncomingHttpHeaders): RequestTrace | null => {
  if (!isOn) return null;
  const parent = readParent(headers) ?? { traceId: randomHex(32), traceFlags: TraceFlags.NONE };
  return trace.setSpanContext(ROOT_CONTEXT, { ...parent, spanId: randomHex(16) });
};

/** Runs `work`, and all that it starts, in this trace; in the current one when it is null. */
export const runInTrace = <Result>(active: RequestTrace | null, work: () => Result): Result =>
  active ? context.with(active, work) : work();

/** The headers that continue the current trace in the process that is called. */
export const outgoingTraceHeaders = (): Readonly<Record<string, string>> => {
  // An instrumentation adds its own.
  const span = isOn ? trace.getActiveSpan()?.spanContext() : undefined;
  if (!span) return {};
  const flags = span.traceFlags.toString(16).padStart(2, '0');
  const tracestate = span.traceState?.serialize();
  return {
    traceparent: `00-${span.traceId}-${span.spanId}-${flags}`,
    ...(tracestate && { tracestate }),
  };
};

/** The id of the active trace, as 32 hex digits; undefined outside a trace. */
export const activeTraceId = (): string | undefined => trace.getActiveSpan()?.spanContext().traceId;
