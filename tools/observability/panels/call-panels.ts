import type { Panel } from '../dashboard.ts';
import { maxOf, orZero, quantileOf, rateOf } from './promql.ts';

const DURATION = 'http_client_request_duration';
const PEER = 'service_peer_name';

/** The requests that a service sends to others. */
export const callPanels = (service: string): readonly Panel[] => {
  const of = [`service="${service}"`];
  return [
    {
      title: 'Calls',
      description: 'Requests to other services, per second.',
      unit: 'reqps',
      queries: [{ expr: rateOf(`${DURATION}_count`, of, PEER), legend: `{{${PEER}}}` }],
    },
    {
      title: 'Calls that failed',
      description: 'Per second, by reason: a status, `timeout`, `connection`, or `cancelled`.',
      unit: 'reqps',
      queries: [
        {
          expr: orZero(
            rateOf(`${DURATION}_count`, [...of, 'error_type!=""'], `${PEER}, error_type`),
          ),
          legend: `{{${PEER}}} {{error_type}}`,
        },
      ],
    },
    {
      title: 'Duration of calls',
      description: 'The 99th percentile, until the head of the response.',
      unit: 's',
      queries: [{ expr: quantileOf(0.99, DURATION, of, PEER), legend: `{{${PEER}}}` }],
    },
  ];
};

/** The circuit breakers of a service. */
export const circuitPanels = (service: string): readonly Panel[] => {
  const of = [`service="${service}"`];
  return [
    {
      title: 'Open circuits',
      description: '1: so many calls failed that no more are sent. It tries one now and then.',
      unit: 'short',
      queries: [
        {
          expr: maxOf('shop_circuit_state', [...of, 'state="open"'], PEER),
          legend: `{{${PEER}}}`,
        },
      ],
    },
    {
      title: 'Calls not sent',
      description: 'Per second: the circuit was open, or too many calls waited.',
      unit: 'reqps',
      queries: [
        {
          expr: rateOf('shop_call_rejected_total', of, `${PEER}, reason`),
          legend: `{{${PEER}}} {{reason}}`,
        },
      ],
    },
    {
      title: 'Retries',
      description: 'Attempts after the first, per second.',
      unit: 'reqps',
      queries: [{ expr: rateOf('shop_call_retry_total', of, PEER), legend: `{{${PEER}}}` }],
    },
  ];
};
