import type { Panel } from '../dashboard.ts';
import { maxOf, orZero, rateOf, select } from './promql.ts';

/** What the processes of a service use of their machine, each by its address. */
export const processPanels = (service: string): readonly Panel[] => {
  const of = [`service="${service}"`];
  return [
    {
      title: 'CPU',
      description:
        'Cores that are used. JavaScript uses one at most; hashing and compression others.',
      unit: 'short',
      queries: [{ expr: rateOf('process_cpu_time_total', of, 'instance'), legend: '{{instance}}' }],
    },
    {
      title: 'Memory',
      description: 'Resident set size. The containers have a limit of 384 MB or more.',
      unit: 'bytes',
      queries: [{ expr: maxOf('process_memory_usage', of, 'instance'), legend: '{{instance}}' }],
    },
    {
      title: 'Event loop: how busy',
      description: 'The part of the time in which JavaScript ran. Above 0.8, requests wait for it.',
      unit: 'percentunit',
      queries: [
        { expr: maxOf('nodejs_eventloop_utilization', of, 'instance'), legend: '{{instance}}' },
      ],
    },
    {
      title: 'Event loop: delay',
      description: 'How late timers fire. Every request of the process waits as long.',
      unit: 's',
      queries: [
        { expr: maxOf('nodejs_eventloop_delay_p50', of), legend: 'p50' },
        { expr: maxOf('nodejs_eventloop_delay_p99', of), legend: 'p99' },
        { expr: maxOf('nodejs_eventloop_delay_max', of), legend: 'max' },
      ],
    },
    {
      title: 'Uptime',
      description: 'For how long the youngest process runs.',
      unit: 's',
      queries: [{ expr: `min (${select('process_uptime', of)})`, legend: 'youngest' }],
    },
    {
      title: 'Log lines dropped',
      description: 'Lines per second that were lost, because what reads the output is too slow.',
      unit: 'short',
      queries: [{ expr: orZero(rateOf('shop_log_line_dropped_total', of)), legend: 'dropped' }],
    },
  ];
};
