import type { Panel } from '../dashboard.ts';
import { orZero, percentilesOf, quantileOf, rateOf } from './promql.ts';

const DURATION = 'http_server_request_duration';
const COUNT = `${DURATION}_count`;
const FAILED = 'http_response_status_code=~"5.."';

/** Rate, errors and duration of the requests that a service answers. */
export const requestPanels = (service: string): readonly Panel[] => {
  const of = [`service="${service}"`];
  return [
    {
      title: 'Requests',
      description:
        'Requests per second, by status. Probes, scrapes and long polls are not counted.',
      unit: 'reqps',
      queries: [
        {
          expr: rateOf(COUNT, of, 'http_response_status_code'),
          legend: '{{http_response_status_code}}',
        },
      ],
    },
    {
      title: 'Errors',
      description: 'The part of requests that was answered with 500 or above.',
      unit: 'percentunit',
      queries: [
        {
          expr: `(${orZero(rateOf(COUNT, [...of, FAILED]))}) / ${rateOf(COUNT, of)}`,
          legend: 'errors',
        },
      ],
    },
    {
      title: 'Duration',
      description: 'How long requests took, as the service measures it.',
      unit: 's',
      queries: percentilesOf(DURATION, of),
    },
  ];
};

const all = rateOf(COUNT, [], 'service');
const failed = rateOf(COUNT, [FAILED], 'service');

/** Rate, errors and duration of all services in one place. */
export const allRequestPanels = (): readonly Panel[] => [
  {
    title: 'Requests by service',
    description:
      'Requests per second. One request to REST is one to the router and several behind it.',
    unit: 'reqps',
    queries: [{ expr: all, legend: '{{service}}' }],
  },
  {
    title: 'Errors by service',
    description: 'The part of requests that was answered with 500 or above.',
    unit: 'percentunit',
    queries: [{ expr: `(${failed} or 0 * ${all}) / ${all}`, legend: '{{service}}' }],
  },
  {
    title: 'p99 by service',
    description: 'The 99th percentile of the duration of requests.',
    unit: 's',
    queries: [{ expr: quantileOf(0.99, DURATION, [], 'service'), legend: '{{service}}' }],
  },
];
