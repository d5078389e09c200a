import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { metrics, type BatchObservableCallback } from '@opentelemetry/api';

/** How often the event loop is checked. The delay is what a check is later than that. */
const RESOLUTION_MS = 20;

/** Delays are of a window of this length at least, so that frequent scrapes have the same values. */
const MIN_WINDOW_MS = 10_000;

const NANOSECONDS = 1e9;
const MICROSECONDS = 1e6;

/** What the event loop did in a window. Delays are in seconds. */
type Window = {
  readonly mean: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
  /** The part of the time in which it was busy. */
  readonly utilization: number;
};

/** Watches the event loop. `read` returns the last whole window, at first the one in progress. */
const watchEventLoop = () => {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  let start = performance.eventLoopUtilization();
  let startedAt = performance.now();
  let last: Window | null = null;

  const toDelay = (nanoseconds: number): number =>
    Math.max(nanoseconds / NANOSECONDS - RESOLUTION_MS / 1_000, 0) || 0;

  const measure = (): Window => ({
    mean: toDelay(histogram.mean),
    p50: toDelay(histogram.percentile(50)),
    p90: toDelay(histogram.percentile(90)),
    p99: toDelay(histogram.percentile(99)),
    max: toDelay(histogram.max),
    utilization: performance.eventLoopUtilization(start).utilization,
  });

  return {
    read: (): Window => {
      const isWhole = performance.now() - startedAt >= MIN_WINDOW_MS;
      if (!isWhole) return last ?? measure();
      last = measure();
      histogram.reset();
      start = performance.eventLoopUtilization();
      startedAt = performance.now();
      return last;
    },
    stop: () => histogram.disable(),
  };
};

/**
 * Measures the event loop, CPU, memory and uptime of this process, when its metrics are read. Written by
 * hand: OpenTelemetry's instrumentation of the runtime patches modules, and reports delays that include
 * the resolution.
 * @returns the function that ends this
 */
export const startProcessMetrics = (): (() => void) => {
  const meter = metrics.getMeter('cartograph.process');
  const loop = watchEventLoop();
  const delay = (name: 'mean' | 'p50' | 'p90' | 'p99' | 'max', description: string) => ({
    name,
    gauge: meter.createObservableGauge(`nodejs.eventloop.delay.${name}`, {
      description,
      unit: 's',
    }),
  });
  const delays = [
    delay('mean', 'How late timers fired, on average.'),
    delay('p50', 'How late timers fired: the median.'),
    delay('p90', 'How late timers fired: the 90th percentile.'),
    delay('p99', 'How late timers fired: the 99th percentile.'),
    delay('max', 'How late timers fired at most.'),
  ];
  const utilization = meter.createObservableGauge('nodejs.eventloop.utilization', {
    description: 'The part of the time in which the event loop was busy.',
    unit: '1',
  });
  const cpu = meter.createObservableCounter('process.cpu.time', {
    description: 'CPU time that the process has used.',
    unit: 's',
  });
  const memory = meter.createObservableUpDownCounter('process.memory.usage', {
    description: 'Memory of the process (resident set size).',
    unit: 'By',
  });
  const uptime = meter.createObservableGauge('process.uptime', {
    description: 'For how long the process runs.',
    unit: 's',
  });

  const observe: BatchObservableCallback = (result) => {
    const window = loop.read();
    for (const { name, gauge } of delays) result.observe(gauge, window[name]);
    result.observe(utilization, window.utilization);
    const { user, system } = process.cpuUsage();
    result.observe(cpu, user / MICROSECONDS, { 'cpu.mode': 'user' });
    result.observe(cpu, system / MICROSECONDS, { 'cpu.mode': 'system' });
    result.observe(memory, process.memoryUsage.rss());
    result.observe(uptime, process.uptime());
  };
  const observed = [...delays.map(({ gauge }) => gauge), utilization, cpu, memory, uptime];
  meter.addBatchObservableCallback(observe, observed);
  return () => {
    meter.removeBatchObservableCallback(observe, observed);
    loop.stop();
  };
};
