import { createRequire } from 'node:module';
import { metrics } from '@opentelemetry/api';
import type { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import type { metrics as sdkMetrics } from '@opentelemetry/sdk-node';
import { serviceResource } from './service-resource.ts';
import { startTraceContext } from './trace-context.ts';

/**
 * The SDK of metrics that the exporter uses. `@opentelemetry/sdk-node` loads it with all exporters of
 * traces, 45 MB; the one that this module would find belongs to Apollo's gateway, and is older.
 */
const loadMetrics = (): typeof sdkMetrics => {
  const require = createRequire(import.meta.url);
  const exporter = require.resolve('@opentelemetry/exporter-prometheus');
  return createRequire(exporter)('@opentelemetry/sdk-metrics') as typeof sdkMetrics;
};

/**
 * Starts metrics, and trace ids without spans.
 * @returns the function that ends this
 */
export const startMeasuring = async (options: {
  readonly serviceName: string;
  readonly prometheus: PrometheusExporter;
}): Promise<() => Promise<void>> => {
  const { MeterProvider } = loadMetrics();
  const provider = new MeterProvider({
    resource: await serviceResource(options.serviceName),
    readers: [options.prometheus],
  });
  metrics.setGlobalMeterProvider(provider);
  const endTraces = startTraceContext();
  return async () => {
    endTraces();
    metrics.disable();
    await provider.shutdown();
  };
};
