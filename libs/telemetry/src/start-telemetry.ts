import { createRequire } from 'node:module';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** The telemetry of a running process. */
export type Telemetry = {
  /** Idempotency a scrape of Prometheus with all metrics, as text. */
  readonly writeMetrics: (request: IncomingMessage, response: ServerResponse) => void;
  /** Sends what is still held back, then stops. */
  readonly stop: () => Promise<void>;
};

/**
 * The SDK takes as long to load as all the rest of a service: whoever imports a file of a service
 * and starts no telemetry, as its tests do, goes without.
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

/** Spans of probes and scrapes would bury the shop's own. */
const UNTRACED = new Set(['/healthz', '/readyz', '/metrics']);

/**
 * The query string of a request that waits on purpose. It is not traced or measured: it would count
 * as a slow one.
 */
export const LONG_POLL_QUERY = '?long-poll';

/**
 * Starts OpenTelemetry for this process. Spans are always made, so that logs and error bodies carry
 * a trace id; they are exported by OTLP only with an endpoint, set up by the standard `OTEL_*`
 * variables. Metrics wait for Prometheus to fetch them.
 */
export const startTelemetry = async (options: {
  serviceName: string;
  otlpEndpoint: string | undefined;
  /** True when long polls come in, which nobody else may hide requests behind. */
  servesLongPolls?: boolean;
}): Promise<Telemetry> => {
  const loaded = await loadSdk();
  const prometheus = new loaded.PrometheusExporter({ preventServerStart: true });
  const instrumentations = [
    new loaded.HttpInstrumentation({
      // Requests go out through undici; the http module only serves.
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
  // The instrumentation patches http when it is next required; an ES import would not tell it.
  createRequire(import.meta.url)('node:http');
  return {
    writeMetrics: (request, response) => prometheus.getMetricsRequestHandler(request, response),
    stop: async () => {
      await sdk.shutdown();
      // They would go on writing into requests of whatever this process does next.
      for (const instrumentation of instrumentations) instrumentation.disable();
    },
  };
};
