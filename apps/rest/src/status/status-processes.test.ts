import { describe, expect, it } from 'vitest';
import { statusProcesses } from './status-processes.ts';

describe('the processes of the status page', () => {
  it('are names and origins; replicas have the same name', () => {
    expect(
      statusProcesses().parse('order=http://10.0.0.1:9464, order=http://10.0.0.2:9464/'),
    ).toEqual([
      { name: 'order', origin: 'http://10.0.0.1:9464' },
      { name: 'order', origin: 'http://10.0.0.2:9464' },
    ]);
  });

  it.each([
    'order',
    'order=',
    'order=10.0.0.1:9464',
    'order=file:///etc/passwd',
    'order=http://user:word@10.0.0.1/',
    'order=http://10.0.0.1/metrics',
    '<b>=http://10.0.0.1',
    'order=http://10.0.0.1,',
    Array(51).fill('order=http://10.0.0.1').join(','),
  ])('are refused: %s', (text) => {
    expect(statusProcesses().safeParse(text).success).toBe(false);
  });
});
