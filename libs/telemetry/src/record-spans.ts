import { createRequire } from 'node:module';
import type { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { serviceResource } from './service-resource.ts';
import { isUntraced } from './untraced.ts';

const loadSdk = async () => {
  const [http, undici, prisma, sdk] = await Promise.all([
    import('@opentelemetry/instrumentation-http'),
    import('@opentelemetry/instrumentation-undici'),
    import('@prisma/instrumentation'),
    import('@opentelemetry/sdk-node'),
  ]);
  return { ...http, ...undici, ...prisma, ...sdk };
};

/** No span has what identifies a client, or what a client may have written into an address. */
const NO_PERSONAL_DATA = {
  'client.address': undefined,
  'network.peer.address': undefined,
  'network.peer.port': undefined,
  'url.query': undefined,
  'user_agent.original': undefined,
};

/** The metrics of the instrumentations do not have the routes of requests: this project has its own. */
const METERS = ['@opentelemetry/instrumentation-http', '@opentelemetry/instrumentation-undici'];

const withoutQuery = (path: string): string => path.split('?', 1)[0] ?? '';

/**
 * Starts OpenTelemetry's SDK, which records the spans of sampled requests and exports them by OTLP, as
 * the standard `OTEL_*` variables configure.
 * @returns the function that exports what is buffered, then ends this
 */
export const startSpans = async (options: {
  readonly serviceName: string;
  readonly prometheus: PrometheusExporter;
  readonly servesLongPolls: boolean;
}): Promise<() => Promise<void>> => {
  const loaded = await loadSdk();
  const instrumentations = [
    new loaded.HttpInstrumentation({
      // Outgoing requests use undici; the http module only serves.
      disableOutgoingRequestInstrumentation: true,
      ignoreIncomingRequestHook: ({ url = '' }) => isUntraced(url, options.servesLongPolls),
      startIncomingSpanHook: () => NO_PERSONAL_DATA,
    }),
    new loaded.UndiciInstrumentation({
      ignoreRequestHook: ({ path }) => isUntraced(path, true),
      startSpanHook: ({ origin, path }) => ({
        ...NO_PERSONAL_DATA,
        'url.full': origin + withoutQuery(path),
      }),
    }),
    new loaded.PrismaInstrumentation(),
  ];
  const sdk = new loaded.NodeSDK({
    resource: await serviceResource(options.serviceName),
    autoDetectResources: false,
    metricReaders: [options.prometheus],
    views: METERS.map((meterName) => ({
      meterName,
      aggregation: { type: loaded.metrics.AggregationType.DROP },
    })),
    logRecordProcessors: [],
    instrumentations,
  });
  sdk.start();
  // The instrumentation patches http on the next require, but not on an ES import.
  createRequire(import.meta.url)('node:http');
  return async () => {
    await sdk.shutdown();
    // Enabled instrumentations would still change later requests of this process.
    for (const instrumentation of instrumentations) instrumentation.disable();
  };
};
