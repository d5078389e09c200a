import { metrics } from '@opentelemetry/api';
import { DURATION_BOUNDARIES } from './boundaries.ts';

/** Why a call has no response: its time was over, its own client disconnected, or it could not be sent. */
export type CallFailure = 'timeout' | 'cancelled' | 'connection';

/** Measures the calls of one peer service, until the head of the response. */
export type CallMetric = {
  /** @param startedAt in this process's monotonic time */
  readonly answered: (startedAt: number, status: number) => void;
  readonly failed: (startedAt: number, failure: CallFailure) => void;
};

/** From this HTTP status, a call has failed. */
const FAILED = 400;

const portOf = ({ port, protocol }: URL): number =>
  port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);

/** Makes the metric of POST requests to a peer service: `http.client.request.duration`. */
export const makeCallMetric = (peer: string, url: URL): CallMetric => {
  const histogram = metrics
    .getMeter('cartograph.http')
    .createHistogram('http.client.request.duration', {
      description: 'Duration of HTTP client requests.',
      unit: 's',
      advice: { explicitBucketBoundaries: DURATION_BOUNDARIES },
    });
  const attributes = {
    'http.request.method': 'POST',
    'server.address': url.hostname,
    'server.port': portOf(url),
    'service.peer.name': peer,
  };
  const record = (startedAt: number, outcome: Readonly<Record<string, string | number>>): void =>
    histogram.record((performance.now() - startedAt) / 1_000, { ...attributes, ...outcome });
  return {
    answered: (startedAt, status) =>
      record(startedAt, {
        'http.response.status_code': status,
        ...(status >= FAILED && { 'error.type': String(status) }),
      }),
    failed: (startedAt, failure) => record(startedAt, { 'error.type': failure }),
  };
};
