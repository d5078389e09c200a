import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { context, trace, TraceFlags } from '@opentelemetry/api';
import { node, tracing } from '@opentelemetry/sdk-node';
import { runLinked, sampledTraceparent } from './linked-span.ts';
import { startTraceContext } from './trace-context.ts';

const exporter = new tracing.InMemorySpanExporter();
const provider = new node.NodeTracerProvider({
  spanProcessors: [new tracing.SimpleSpanProcessor(exporter)],
});

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN_ID = '00f067aa0ba902b7';

const within = <Result>(traceFlags: TraceFlags, work: () => Result): Result => {
  const spanContext = { traceId: TRACE_ID, spanId: SPAN_ID, traceFlags };
  return context.with(trace.setSpanContext(context.active(), spanContext), work);
};

const options = { attributes: { 'shop.due.table': 'orders' } };

describe('work in the background, where spans are recorded', () => {
  beforeAll(() => provider.register());
  afterEach(() => exporter.reset());
  afterAll(async () => {
    await provider.shutdown();
    trace.disable();
    context.disable();
  });

  it('is in a trace of its own, and links once to each span that caused it', async () => {
    const cause = within(TraceFlags.SAMPLED, sampledTraceparent);
    expect(cause).toBe(`00-${TRACE_ID}-${SPAN_ID}-01`);
    await within(TraceFlags.SAMPLED, () =>
      runLinked('process orders', options, [cause, cause, null, 'nonsense'], async () => {
        trace.getTracer('test').startSpan('inner').end();
      }),
    );
    const [inner, span] = exporter.getFinishedSpans();
    expect(span).toMatchObject({
      name: 'process orders',
      ...options,
      links: [{ context: { traceId: TRACE_ID, spanId: SPAN_ID } }],
    });
    expect(span?.parentSpanContext).toBeUndefined();
    expect(span?.spanContext().traceId).not.toBe(TRACE_ID);
    expect(inner?.parentSpanContext?.spanId).toBe(span?.spanContext().spanId);
  });

  it('is marked as failed without the text of the error', async () => {
    const failing = runLinked('process orders', options, [], async () => {
      throw new Error('with data of a customer');
    });
    await expect(failing).rejects.toThrow('with data of a customer');
    const [span] = exporter.getFinishedSpans();
    expect([span?.status, span?.events]).toEqual([{ code: 2 }, []]);
  });

  it('has no cause that was not recorded', () => {
    expect(sampledTraceparent()).toBeNull();
    expect(within(TraceFlags.NONE, sampledTraceparent)).toBeNull();
  });
});

describe('work in the background, without spans', () => {
  it('has the id of a new trace, for logs and calls', async () => {
    const stop = startTraceContext();
    const ids = await Promise.all(
      [1, 2].map(() =>
        runLinked('process orders', options, [], async () => trace.getActiveSpan()?.spanContext()),
      ),
    );
    stop();
    for (const id of ids) expect(id?.traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(ids[0]?.traceId).not.toBe(ids[1]?.traceId);
  });
});
