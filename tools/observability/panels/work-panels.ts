import type { Panel } from '../dashboard.ts';
import { maxOf, orZero, quantileOf, rateOf } from './promql.ts';

/** The due rows of a service. */
export const duePanels = (service: string): readonly Panel[] => {
  const of = [`service="${service}"`];
  return [
    {
      title: 'Overdue and dead rows',
      description: 'Rows that are due and not taken yet, and rows that wait for an operator.',
      unit: 'short',
      queries: [
        { expr: maxOf('shop_due_overdue', of, 'table'), legend: 'overdue {{table}}' },
        { expr: maxOf('shop_due_dead', of, 'table'), legend: 'dead {{table}}' },
      ],
    },
    {
      title: 'Lag of due rows',
      description: 'From when a row was due to when a sweeper took it: the 95th percentile.',
      unit: 's',
      queries: [{ expr: quantileOf(0.95, 'shop_due_lag', of, 'table'), legend: '{{table}}' }],
    },
    {
      title: 'Steps that failed',
      description: 'Failures per second; they are retried.',
      unit: 'short',
      queries: [
        { expr: orZero(rateOf('shop_due_failure_total', of, 'table')), legend: '{{table}}' },
      ],
    },
  ];
};

/** The jobs of a service. The label `job` of a job is `exported_job` here: Prometheus has its own. */
export const jobPanels = (service: string): readonly Panel[] => {
  const of = [`service="${service}"`];
  return [
    {
      title: 'Dead-lettered jobs',
      description: 'Jobs that wait for an operator.',
      unit: 'short',
      queries: [{ expr: maxOf('shop_job_dead', of, 'exported_job'), legend: '{{exported_job}}' }],
    },
    {
      title: 'Attempts of jobs that failed',
      description: 'Failures per second; they are retried.',
      unit: 'short',
      queries: [
        {
          expr: orZero(rateOf('shop_job_failure_total', of, 'exported_job')),
          legend: '{{exported_job}}',
        },
      ],
    },
  ];
};

/** The events of a service. */
export const eventPanels = (service: string): readonly Panel[] => {
  const of = [`service="${service}"`];
  return [
    {
      title: 'Events',
      description: 'Published per second, by type.',
      unit: 'short',
      queries: [{ expr: rateOf('shop_event_lag_count', of, 'type'), legend: '{{type}}' }],
    },
    {
      title: 'Lag of events',
      description: 'From when an event happened to when it was published: the 95th percentile.',
      unit: 's',
      queries: [{ expr: quantileOf(0.95, 'shop_event_lag', of, 'type'), legend: '{{type}}' }],
    },
    {
      title: 'Rounds of publishing that failed',
      description: 'Failures per second: `nats` is the broker, `database` the database.',
      unit: 'short',
      queries: [
        { expr: orZero(rateOf('shop_event_failure_total', of, 'step')), legend: '{{step}}' },
      ],
    },
  ];
};
