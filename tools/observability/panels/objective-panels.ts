import type { Panel } from '../dashboard.ts';
import { orZero } from './promql.ts';

/** The service level objectives, computed by docker/prometheus/rules/slo.yaml. */
export const objectivePanels = (): readonly Panel[] => [
  {
    title: 'Burn rate, last hour',
    description:
      'How many times faster the error budget is spent than it may be. 1: it lasts the month exactly.',
    unit: 'short',
    kind: 'stat',
    queries: [{ expr: 'slo:bad_ratio:1h / on (slo) slo:budget', legend: '{{slo}}' }],
  },
  {
    title: 'Burn rate, last three days',
    description: 'Above 1 the budget of the month will not last.',
    unit: 'short',
    kind: 'stat',
    queries: [{ expr: 'slo:bad_ratio:3d / on (slo) slo:budget', legend: '{{slo}}' }],
  },
  {
    title: 'Alerts',
    description: 'How many fire now. docs/operations/alerts.md says what to do about each.',
    unit: 'short',
    kind: 'stat',
    queries: [
      {
        expr: orZero('sum by (alertname) (ALERTS{alertstate="firing"})'),
        legend: '{{alertname}}',
      },
    ],
  },
  {
    title: 'Requests that broke an objective',
    description: 'The part of the last five minutes.',
    unit: 'percentunit',
    queries: [{ expr: 'slo:bad_ratio:5m', legend: '{{slo}}' }],
  },
];
