import { trace, TraceFlags } from '@opentelemetry/api';
import { DURATION_BOUNDARIES } from './boundaries.ts';

/** Series whose exemplars are kept: as many as OpenTelemetry's SDK keeps of one metric. */
const MAX_SERIES = 2_000;

type Labels = Readonly<Record<string, string | number>>;

/** The newest sampled request of each bucket, in the text of OpenMetrics. */
const seriesExemplars = new Map<string, Map<string, string>>();

/** The labels of a series as `/metrics` has them. No value has a character that is escaped there. */
const toText = (labels: Labels): string =>
  Object.entries(labels)
    .map(([name, value]) => `${name.replaceAll('.', '_')}="${value}"`)
    .join(',');

const bucketOf = (seconds: number): string =>
  String(DURATION_BOUNDARIES.find((boundary) => seconds <= boundary) ?? '+Inf');

/**
 * Notes the active span as the exemplar of its bucket of `http.server.request.duration`, if it is sampled:
 * else there is no trace to find.
 * @param labels those of the measured request
 */
export const noteRequestExemplar = (labels: Labels, seconds: number): void => {
  const span = trace.getActiveSpan()?.spanContext();
  if (!span || (span.traceFlags & TraceFlags.SAMPLED) === 0) return;
  const key = toText(labels);
  const exemplars = seriesExemplars.get(key) ?? new Map<string, string>();
  if (exemplars.size === 0) {
    if (seriesExemplars.size >= MAX_SERIES) return;
    seriesExemplars.set(key, exemplars);
  }
  const ids = `{trace_id="${span.traceId}",span_id="${span.spanId}"}`;
  exemplars.set(bucketOf(seconds), `${ids} ${seconds} ${Date.now() / 1_000}`);
};

/** Removes all exemplars. */
export const clearRequestExemplars = (): void => seriesExemplars.clear();

/** A bucket: its own labels, those of what made it, and its bound. */
const BUCKET = /^http_server_request_duration_bucket\{(.*),otel_scope_name="[^"]*",le="([^"]+)"\} /;

/** The exemplar of a sample of `/metrics`; undefined where there is none. */
export const findRequestExemplar = (sample: string): string | undefined => {
  const [, labels, le] = BUCKET.exec(sample) ?? [];
  return labels === undefined || le === undefined
    ? undefined
    : seriesExemplars.get(labels)?.get(le);
};
