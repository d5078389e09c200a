import { metrics, type Histogram } from '@opentelemetry/api';
import { DURATION_BOUNDARIES } from './boundaries.ts';
import { clearRequestExemplars, noteRequestExemplar } from './request-exemplars.ts';
import { isUntraced } from './untraced.ts';

/** What the metric of a request says of it. */
type MeasuredRequest = {
  readonly method: string;
  /** The path as received. It is not part of the metric. */
  readonly url: string;
  /** The path of the route, such as `/v1/orders/:id`; undefined for none. */
  readonly route: string | undefined;
  readonly status: number;
  readonly protocol: string;
  readonly durationMs: number;
};

const METHODS: ReadonlySet<string> = new Set(
  'GET HEAD POST PUT DELETE CONNECT OPTIONS TRACE PATCH'.split(' '),
);

let histogram: Histogram | null = null;
let hasLongPolls = false;

/**
 * Measures requests, with or without spans. OpenTelemetry's instrumentation of http does not know their
 * routes: its own metrics are dropped.
 * @returns the function that ends this
 */
export const startRequestDuration = ({ servesLongPolls }: { servesLongPolls: boolean }) => {
  hasLongPolls = servesLongPolls;
  histogram = metrics.getMeter('cartograph.http').createHistogram('http.server.request.duration', {
    description: 'Duration of HTTP server requests.',
    unit: 's',
    advice: { explicitBucketBoundaries: DURATION_BOUNDARIES },
  });
  return (): void => {
    histogram = null;
    clearRequestExemplars();
  };
};

/** Adds a request to `http.server.request.duration`, and the active span as an exemplar. */
export const recordRequest = (request: MeasuredRequest): void => {
  if (!histogram || isUntraced(request.url, hasLongPolls)) return;
  const seconds = request.durationMs / 1_000;
  const labels = {
    'http.request.method': METHODS.has(request.method) ? request.method : '_OTHER',
    'http.response.status_code': request.status,
    ...(request.route !== undefined && { 'http.route': request.route }),
    'network.protocol.version': request.protocol,
    'url.scheme': 'http',
  };
  histogram.record(seconds, labels);
  noteRequestExemplar(labels, seconds);
};
