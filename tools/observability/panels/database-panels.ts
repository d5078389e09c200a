import type { Panel } from '../dashboard.ts';
import { maxOf, quantileOf, rateOf, select } from './promql.ts';

const POOL = 'db_client_connection_pool_name';

/** The connection pools of a service, and its copy of the revoked sessions. */
export const databasePanels = (service: string): readonly Panel[] => {
  const of = [`service="${service}"`];
  const used = select('db_client_connection_count', [...of, 'db_client_connection_state="used"']);
  const most = select('db_client_connection_max', of);
  const waiting = select('db_client_connection_pending_requests', of);
  return [
    {
      title: 'Connections in use',
      description: 'The part of what a pool may open that is in use. At 100 %, statements wait.',
      unit: 'percentunit',
      queries: [
        {
          expr: `sum by (${POOL}) (${used}) / sum by (${POOL}) (${most})`,
          legend: `{{${POOL}}}`,
        },
      ],
    },
    {
      title: 'Waiting for a connection',
      description: 'Statements and transactions that wait now.',
      unit: 'short',
      queries: [{ expr: `sum by (${POOL}) (${waiting})`, legend: `{{${POOL}}}` }],
    },
    {
      title: 'Wait for a connection',
      description: 'How long statements and transactions waited: the 95th percentile.',
      unit: 's',
      queries: [
        {
          expr: quantileOf(0.95, 'db_client_connection_wait_time', of, POOL),
          legend: `{{${POOL}}}`,
        },
      ],
    },
    {
      title: 'No connection',
      description: 'Per second: no connection was free in time, or none could be opened.',
      unit: 'short',
      queries: [
        {
          expr: rateOf('db_client_connection_timeouts_total', of, POOL),
          legend: `{{${POOL}}}`,
        },
      ],
    },
    {
      title: 'Age of the revoked sessions',
      description:
        'From 5 s on administrators are refused, from 60 s on everybody who is signed in.',
      unit: 's',
      queries: [{ expr: maxOf('shop_session_revocation_age', of), legend: 'age' }],
    },
  ];
};
