import type { Histogram } from './histogram.ts';
import { parseMetrics, type MetricSample } from './parse-metrics.ts';

/** The circuit breaker of the calls of a peer service. */
export type Circuit = { readonly peer: string; readonly state: string };

/** How often an error happened since the process started. */
export type ErrorCount = { readonly code: string; readonly where: string; readonly count: number };

/** What the status page shows of the metrics of one process. Counts are since it started. */
export type Metrics = {
  readonly version: string;
  readonly uptimeSeconds: number;
  readonly requests: number;
  /** Responses with an error that is the fault of the shop. */
  readonly failures: number;
  readonly durations: Histogram;
  readonly dueLags: Histogram;
  readonly eventLags: Histogram;
  readonly overdueRows: number;
  /** Rows and jobs that wait for an operator. */
  readonly dead: number;
  readonly circuits: readonly Circuit[];
  /** By code and place, those of the fault of the shop. No label has personal data. */
  readonly errors: ReadonlyMap<string, ErrorCount>;
};

const REQUESTS = 'http_server_request_duration_count';
const OPERATION_ERRORS = 'shop_graphql_operation_error_total';
const CALLS = 'http_client_request_duration_count';
const PROVIDER = 'shop_payment_provider_duration_count';
const EVENT_FAILURES = 'shop_event_failure_total';
const DUE_FAILURES = 'shop_due_failure_total';
const JOB_FAILURES = 'shop_job_failure_total';

const WANTED: ReadonlySet<string> = new Set([
  'target_info',
  'process_uptime',
  REQUESTS,
  'http_server_request_duration_bucket',
  OPERATION_ERRORS,
  CALLS,
  PROVIDER,
  EVENT_FAILURES,
  DUE_FAILURES,
  JOB_FAILURES,
  'shop_circuit_state',
  'shop_due_overdue',
  'shop_due_dead',
  'shop_job_dead',
  'shop_due_lag_bucket',
  'shop_event_lag_bucket',
]);

/** Codes of the graph that are the fault of the shop, as in docker/prometheus/rules/slo.yaml. */
const FAULTS = /^(?:INTERNAL|UNAVAILABLE)$/;
const SERVER_ERROR = /^5\d\d$/;
/** The fault of a caller, or a client that disconnected. */
const CALLER_FAULT = /^(?:4\d\d|cancelled)$/;

/** What kind of error a sample counts, and where it happened; null for what is none. */
const readError = ({ name, labels }: MetricSample): Omit<ErrorCount, 'count'> | null => {
  const of = (label: string): string => labels[label] ?? '';
  const error = of('error_type');
  switch (name) {
    case OPERATION_ERRORS:
      return FAULTS.test(error) ? { code: error, where: of('graphql_operation_name') } : null;
    case REQUESTS: {
      const [code, route] = [of('http_response_status_code'), of('http_route')];
      const where = `${of('http_request_method')} ${route || '(unknown path)'}`;
      return SERVER_ERROR.test(code) ? { code, where } : null;
    }
    case CALLS: {
      const isNone = error === '' || CALLER_FAULT.test(error);
      return isNone ? null : { code: error, where: `call of ${of('service_peer_name')}` };
    }
    case PROVIDER:
      return error === '' ? null : { code: error, where: `payment provider, ${of('operation')}` };
    case EVENT_FAILURES:
      return { code: of('step'), where: 'publish events' };
    case DUE_FAILURES:
      return { code: 'step failed', where: of('table') };
    case JOB_FAILURES:
      return { code: 'job failed', where: of('job') };
    default:
      return null;
  }
};

const countErrors = (samples: readonly MetricSample[]): ReadonlyMap<string, ErrorCount> => {
  const errors = new Map<string, ErrorCount>();
  for (const sample of samples) {
    const error = readError(sample);
    if (!error || sample.value === 0) continue;
    const key = `${error.code} ${error.where}`;
    errors.set(key, { ...error, count: (errors.get(key)?.count ?? 0) + sample.value });
  }
  return errors;
};

/** Reads the metrics of a process from its `/metrics`. What it does not export is 0 or empty. */
export const readMetrics = (text: string): Metrics => {
  const samples = parseMetrics(text, WANTED);
  const named = (name: string): readonly MetricSample[] =>
    samples.filter((sample) => sample.name === name);
  const sum = (of: readonly MetricSample[]): number =>
    of.reduce((total, { value }) => total + value, 0);
  const histogram = (name: string): Histogram => {
    const counts = new Map<number, number>();
    for (const { labels, value } of named(`${name}_bucket`)) {
      const bound = labels['le'] === '+Inf' ? Infinity : Number(labels['le']);
      counts.set(bound, (counts.get(bound) ?? 0) + value);
    }
    return counts;
  };
  const requests = named(REQUESTS);
  const operationErrors = named(OPERATION_ERRORS);
  // A response of the graph with an error has the status 200.
  const failures = samples.some(({ name }) => name === OPERATION_ERRORS)
    ? operationErrors.filter(({ labels }) => FAULTS.test(labels['error_type'] ?? ''))
    : requests.filter(({ labels }) => SERVER_ERROR.test(labels['http_response_status_code'] ?? ''));
  return {
    version: named('target_info')[0]?.labels['service_version'] ?? 'unknown',
    uptimeSeconds: named('process_uptime')[0]?.value ?? 0,
    requests: sum(requests),
    failures: sum(failures),
    durations: histogram('http_server_request_duration'),
    dueLags: histogram('shop_due_lag'),
    eventLags: histogram('shop_event_lag'),
    overdueRows: sum(named('shop_due_overdue')),
    dead: sum([...named('shop_due_dead'), ...named('shop_job_dead')]),
    circuits: named('shop_circuit_state')
      .filter(({ value }) => value === 1)
      .map(({ labels }) => ({
        peer: labels['service_peer_name'] ?? '',
        state: labels['state'] ?? '',
      })),
    errors: countErrors(samples),
  };
};
