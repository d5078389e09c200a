import type { Panel } from '../dashboard.ts';
import { quantileOf, rateOf, select } from './promql.ts';

/** Admission and caches of a public service: the router, or REST. */
export const edgePanels = (service: string): readonly Panel[] => {
  const of = [`service="${service}"`];
  return [
    {
      title: 'Requests in progress',
      description: 'By lane, and how many may be: the limit follows the latency.',
      unit: 'short',
      queries: [
        {
          expr: `sum by (lane) (${select('shop_request_active', of)})`,
          legend: 'active: {{lane}}',
        },
        {
          expr: `sum by (lane) (${select('shop_request_waiting', of)})`,
          legend: 'waiting: {{lane}}',
        },
        {
          expr: `sum by (lane) (${select('shop_request_stalled', of)})`,
          legend: 'stalled: {{lane}}',
        },
        { expr: `sum by (lane) (${select('shop_request_limit', of)})`, legend: 'limit: {{lane}}' },
      ],
    },
    {
      title: 'Rejected for overload',
      description: 'Requests per second that were answered with 503, by lane.',
      unit: 'reqps',
      queries: [{ expr: rateOf('shop_request_rejected_total', of, 'lane'), legend: '{{lane}}' }],
    },
    {
      title: 'Response cache',
      description: 'Requests whose response may be cached, per second, by where it came from.',
      unit: 'reqps',
      queries: [
        { expr: rateOf('shop_response_cache_lookup_total', of, 'result'), legend: '{{result}}' },
      ],
    },
  ];
};

/** What only REST has: event streams of orders. */
export const streamPanels = (): readonly Panel[] => [
  {
    title: 'Event streams',
    description: 'Open streams of all processes. Each process accepts EVENT_STREAMS.',
    unit: 'short',
    queries: [{ expr: `sum(${select('shop_event_stream_active', [])})`, legend: 'open' }],
  },
  {
    title: 'Rejected event streams',
    description: 'Streams per second that were answered with 503, by the limit that was reached.',
    unit: 'reqps',
    queries: [
      { expr: rateOf('shop_event_stream_rejected_total', [], 'limit'), legend: '{{limit}}' },
    ],
  },
];

/** What only the router has: operations, errors and plans. */
export const graphPanels = (): readonly Panel[] => [
  {
    title: 'Operations',
    description: 'Requests per second, by the name of the operation.',
    unit: 'reqps',
    queries: [
      {
        expr: rateOf('shop_graphql_operation_duration_count', [], 'graphql_operation_name'),
        legend: '{{graphql_operation_name}}',
      },
    ],
  },
  {
    title: 'Slowest operations',
    description: 'The five with the highest 99th percentile.',
    unit: 's',
    queries: [
      {
        expr: `topk(5, ${quantileOf(0.99, 'shop_graphql_operation_duration', [], 'graphql_operation_name')})`,
        legend: '{{graphql_operation_name}}',
      },
    ],
  },
  {
    title: 'GraphQL errors',
    description:
      'Responses with errors per second, by code. INTERNAL and UNAVAILABLE are our fault.',
    unit: 'reqps',
    queries: [
      {
        expr: rateOf('shop_graphql_operation_error_total', [], 'error_type'),
        legend: '{{error_type}}',
      },
    ],
  },
  {
    title: 'Query plans',
    description: 'Searches for a plan, per second. Many misses: many unknown operations.',
    unit: 'reqps',
    queries: [{ expr: rateOf('shop_query_plan_lookup_total', [], 'result'), legend: '{{result}}' }],
  },
];
