import type { IncomingMessage, ServerResponse } from 'node:http';
import { diag } from '@opentelemetry/api';
import type { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { OPEN_METRICS, toOpenMetrics } from './open-metrics.ts';
import { findRequestExemplar } from './request-exemplars.ts';

const TEXT = 'text/plain; version=0.0.4; charset=utf-8';

/** Whether a client accepts OpenMetrics. Prometheus does, and prefers it; what names no type gets plain text. */
const acceptsOpenMetrics = ({ headers: { accept = '' } }: IncomingMessage): boolean =>
  accept
    .split(',')
    .some((range) => /^\s*application\/openmetrics-text\b(?!.*;\s*q=0(?:\.0*)?\s*$)/i.test(range));

/**
 * Makes the handler of scrapes: all metrics, in Prometheus's text format or, for a client that accepts it, as
 * OpenMetrics with exemplars, which OpenTelemetry's exporter does not have.
 */
export const makeScrapeHandler = (
  exporter: PrometheusExporter,
  serializer: PrometheusSerializer,
): ((request: IncomingMessage, response: ServerResponse) => void) => {
  const write = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { resourceMetrics, errors } = await exporter.collect();
    if (errors.length > 0) diag.error('metrics could not be collected', ...errors);
    const text = serializer.serialize(resourceMetrics);
    const isOpen = acceptsOpenMetrics(request);
    response.setHeader('content-type', isOpen ? OPEN_METRICS : TEXT);
    response.end(isOpen ? toOpenMetrics(text, findRequestExemplar) : text);
  };
  return (request, response) => {
    write(request, response).catch((error: unknown) => {
      diag.error('metrics could not be written', error);
      response.statusCode = 500;
      response.end();
    });
  };
};
