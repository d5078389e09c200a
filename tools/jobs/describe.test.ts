import { describe, expect, it } from '@jest/globals';
import { count, describeDeadLetteredEvent, describeDeadLetteredJob } from './describe.ts';

const since = new Date('2026-11-23T01:02:03Z');

describe('dead work, as people see it', () => {
  it('says what it is, what it was told, since when, and why it failed', () => {
    const job = {
      id: '7',
      name: 'settle_order',
      payload: { orderId: 'C-1' },
      createdAt: since,
      attempts: 25,
      lastError: 'no luck\n  at x',
    };
    expect(describeDeadLetteredJob(job)).toBe(
      '  7 settle_order {"orderId":"C-1"} since 2026-11-23T01:02:03.000Z: no luck',
    );
    expect(describeDeadLetteredJob({ ...job, lastError: null })).toMatch(/: no error was kept$/);
  });

  it('says which consumer gave which event up', () => {
    const event = {
      id: 'e-1',
      type: 'stock.low',
      consumer: 'letters',
      receivedAt: since,
      attempts: 3,
      lastError: 'Error: no stamps',
    };
    expect(describeDeadLetteredEvent(event)).toBe(
      '  e-1 stock.low by letters since 2026-11-23T01:02:03.000Z: Error: no stamps',
    );
  });

  it('is counted in good English', () => {
    expect([count(0, 'job'), count(1, 'job'), count(2, 'event')]).toEqual([
      '0 jobs are',
      '1 job is',
      '2 events are',
    ]);
  });
});
