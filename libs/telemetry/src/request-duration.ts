import { metrics, type Histogram } from '@opentelemetry/api';
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

/** In seconds: the advice of OpenTelemetry's semantic conventions for this metric. */
const BOUNDARIES = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

const METHODS: ReadonlySet<string> = new Set(
  'GET HEAD POST PUT DELETE CONNECT OPTIONS TRACE PATCH'.split(' '),
);

let histogram: Histogram | null = null;
let hasLongPolls = false;

/**
 * Measures requests as the instrumentation of http does, for a process without it.
 * @returns the function that ends this
 */
export const startRequestDuration = ({ servesLongPolls }: { servesLongPolls: boolean }) => {
  hasLongPolls = servesLongPolls;
  histogram = metrics.getMeter('cartograph.http').createHistogram('http.server.request.duration', {
    description: 'Duration of HTTP server requests.',
    unit: 's',
    advice: { explicitBucketBoundaries: BOUNDARIES },
  });
  return (): void => {
    histogram = null;
  };
};

/** Adds a request to `http.server.request.duration`, unless an instrumentation does. */
export const recordRequest = (request: MeasuredRequest): void => {
  if (!histogram || isUntraced(request.url, hasLongPolls)) return;
  histogram.record(request.durationMs / 1_000, {
    'http.request.method': METHODS.has(request.method) ? request.method : '_OTHER',
    'http.response.status_code': request.status,
    ...(request.route !== undefined && { 'http.route': request.route }),
    'network.protocol.version': request.protocol,
    'url.scheme': 'http',
  });
};
