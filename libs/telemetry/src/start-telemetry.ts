import type { IncomingMessage, ServerResponse } from 'node:http';
import { makeScrapeHandler } from './make-scrape-handler.ts';
import { startProcessMetrics } from './process-metrics.ts';
import { startRequestDuration } from './request-duration.ts';
import { startTraceContext } from './trace-context.ts';

/** The telemetry of a running process. */
export type Telemetry = {
  /** Responds to a scrape of Prometheus with all metrics, as text or as OpenMetrics. */
  readonly writeMetrics: (request: IncomingMessage, response: ServerResponse) => void;
  /** Sends buffered spans, then stops. */
  readonly stop: () => Promise<void>;
};

type Env = Readonly<Record<string, string | undefined>>;

/** Whether an operator turned all signals off (OpenTelemetry, "General SDK Configuration"). */
const isDisabled = (env: Env): boolean => env['OTEL_SDK_DISABLED']?.toLowerCase() === 'true';

/** The standard variables with which an operator turns traces off. */
const hasNoTraces = (env: Env): boolean =>
  env['OTEL_TRACES_SAMPLER'] === 'always_off' || env['OTEL_TRACES_EXPORTER'] === 'none';

/** Trace ids without spans, and no metrics. */
const startDisabled = (): Telemetry => {
  const endTraces = startTraceContext();
  return {
    writeMetrics: (_request, response) => {
      response.setHeader('content-type', 'text/plain; version=0.0.4; charset=utf-8');
      response.end('# OTEL_SDK_DISABLED is true: there are no metrics.\n');
    },
    stop: async () => endTraces(),
  };
};

/**
 * Starts the telemetry of this process. Spans are recorded only where they are exported: with an OTLP
 * endpoint, those that the standard sampler samples (`OTEL_TRACES_SAMPLER`, by default that of the
 * parent, and all without one). In any case requests have a trace id, for logs and error bodies, which
 * is passed on to the processes that they call. Prometheus fetches the metrics. With
 * `OTEL_SDK_DISABLED=true` there are trace ids only.
 */
export const startTelemetry = async (options: {
  serviceName: string;
  otlpEndpoint: string | undefined;
  /** Whether this process serves long polls. Elsewhere a client could hide requests as such. */
  servesLongPolls?: boolean;
  /** Where the standard variables are set that turn traces, or all, off. */
  env?: Env;
}): Promise<Telemetry> => {
  const { serviceName, otlpEndpoint, servesLongPolls = false, env = {} } = options;
  if (isDisabled(env)) return startDisabled();
  // Tests, which start no telemetry, do not load it.
  const { PrometheusExporter, PrometheusSerializer } =
    await import('@opentelemetry/exporter-prometheus');
  const prometheus = new PrometheusExporter({ preventServerStart: true });
  const common = { serviceName, prometheus, servesLongPolls };
  const recordsSpans = otlpEndpoint !== undefined && !hasNoTraces(env);
  const stop = recordsSpans
    ? await (await import('./record-spans.ts')).startSpans(common)
    : await (await import('./measure-only.ts')).startMeasuring(common);
  const endDuration = startRequestDuration({ servesLongPolls });
  const endProcessMetrics = startProcessMetrics();
  return {
    writeMetrics: makeScrapeHandler(prometheus, new PrometheusSerializer()),
    stop: async () => {
      endProcessMetrics();
      endDuration();
      await stop();
    },
  };
};
