import { createRequire } from 'node:module';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { trace } from '@opentelemetry/api';

/** The telemetry of a running process. */
export type Telemetry = {
  /** Responds to a scrape of Prometheus with all metrics, as text. */
  readonly writeMetrics: (request: IncomingMessage, response: ServerResponse) => void;
  /** Sends buffered spans, then stops. */
  readonly stop: () => Promise<void>;
};

/**
 * The SDK takes as long to load as the rest of a service. Tests, which start no telemetry, do not
 * load it.
 */
const loadSdk = async () => {
  const [prometheus, http, undici, prisma, sdk] = await Promise.all([
    import('@opentelemetry/exporter-prometheus'),
    import('@opentelemetry/instrumentation-http'),
    import('@opentelemetry/instrumentation-undici'),
    import('@prisma/instrumentation'),
    import('@opentelemetry/sdk-node'),
  ]);
  return { ...prometheus, ...http, ...undici, ...prisma, ...sdk };
};

/** Probes and scrapes are not traced: their spans would outnumber all others. */
const UNTRACED = new Set(['/healthz', '/readyz', '/metrics']);

/**
 * The query string of a long poll. Long polls are not traced or measured, because they would count as
 * slow requests.
 */
export const LONG_POLL_QUERY = '?long-poll';

/**
 * Starts OpenTelemetry for this process. Spans are always made, so that logs and error bodies have a
 * trace id. They are exported by OTLP if there is an endpoint, which the standard `OTEL_*` variables
 * configure. Prometheus fetches the metrics.
 */
export const startTelemetry = async (options: {
  serviceName: string;
  otlpEndpoint: string | undefined;
  /** Whether this process serves long polls. Elsewhere a client could hide requests as such. */
  servesLongPolls?: boolean;
}): Promise<Telemetry> => {
  const loaded = await loadSdk();
  const prometheus = new loaded.PrometheusExporter({ preventServerStart: true });
  const instrumentations = [
    new loaded.HttpInstrumentation({
      // Outgoing requests use undici; the http module only serves.
      disableOutgoingRequestInstrumentation: true,
      ignoreIncomingRequestHook: ({ url = '' }) =>
        UNTRACED.has(url) || (options.servesLongPolls === true && url.endsWith(LONG_POLL_QUERY)),
    }),
    new loaded.UndiciInstrumentation({
      ignoreRequestHook: ({ path }) => path.endsWith(LONG_POLL_QUERY),
    }),
    new loaded.PrismaInstrumentation(),
  ];
  const sdk = new loaded.NodeSDK({
    serviceName: options.serviceName,
    autoDetectResources: false,
    metricReaders: [prometheus],
    logRecordProcessors: [],
    ...(options.otlpEndpoint ? {} : { spanProcessors: [new loaded.tracing.NoopSpanProcessor()] }),
    instrumentations,
  });
  sdk.start();
  // The instrumentation patches http on the next require, but not on an ES import.
  createRequire(import.meta.url)('node:http');
  return {
    writeMetrics: (request, response) => prometheus.getMetricsRequestHandler(request, response),
    stop: async () => {
      await sdk.shutdown();
      // Enabled instrumentations would still change later requests of this process.
      for (const instrumentation of instrumentations) instrumentation.disable();
    },
  };
};

/** The id of the active trace, as 32 hex digits; undefined outside a trace. */
export const activeTraceId = (): string | undefined => trace.getActiveSpan()?.spanContext().traceId;
