import { createRequire } from 'node:module';
import type { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { isUntraced, LONG_POLL_QUERY } from './untraced.ts';

const loadSdk = async () => {
  const [http, undici, prisma, sdk] = await Promise.all([
    import('@opentelemetry/instrumentation-http'),
    import('@opentelemetry/instrumentation-undici'),
    import('@prisma/instrumentation'),
    import('@opentelemetry/sdk-node'),
  ]);
  return { ...http, ...undici, ...prisma, ...sdk };
};

/**
 * Starts OpenTelemetry's SDK, which records the spans of sampled requests and exports them by OTLP, as
 * the standard `OTEL_*` variables configure. Its instrumentations also measure requests.
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
    }),
    new loaded.UndiciInstrumentation({
      ignoreRequestHook: ({ path }) => path.endsWith(LONG_POLL_QUERY),
    }),
    new loaded.PrismaInstrumentation(),
  ];
  const sdk = new loaded.NodeSDK({
    serviceName: options.serviceName,
    autoDetectResources: false,
    metricReaders: [options.prometheus],
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
