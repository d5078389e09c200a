import { describe, expect, it } from 'vitest';
import { isFinal, listStatuses, type HistoryLine } from './order-statuses.ts';

const AT = '2026-01-31T12:00:00.000Z';
const NOW = Date.parse(AT) + 1_000;

const line = (
  type: HistoryLine['type'],
  fromStatus: HistoryLine['fromStatus'],
  toStatus: HistoryLine['toStatus'],
  reason: string | null = null,
): HistoryLine => ({ at: AT, type, fromStatus, toStatus, reason });

const created = line('CREATED', null, 'PENDING');
const started = line('PAYMENT_STARTED', 'PENDING', 'PENDING');
const confirmed = line('CONFIRMED', 'PENDING', 'CONFIRMED');
const sold = line('STOCK_SETTLED', 'CONFIRMED', 'CONFIRMED', 'COMMITTED');
const outOfStock = line('CANCELLED', 'CONFIRMED', 'CANCELLED', 'OUT_OF_STOCK');
const expired = line('CANCELLED', 'PENDING', 'CANCELLED', 'EXPIRED');

describe('the statuses of an order', () => {
  it('are the lines of its history that change it, numbered from 1', () => {
    expect(listStatuses([created, started, confirmed, outOfStock])).toEqual([
      { number: 1, status: 'PENDING', at: AT, reason: null },
      { number: 2, status: 'CONFIRMED', at: AT, reason: null },
      { number: 3, status: 'CANCELLED', at: AT, reason: 'OUT_OF_STOCK' },
    ]);
  });

  it('have the same numbers when other lines are added or not known', () => {
    const all = listStatuses([created, started, confirmed, sold]);
    expect(listStatuses([created, confirmed])).toEqual(all);
  });
});

describe('the last status', () => {
  it.each([
    ['of an order without a history', [], false],
    ['of a pending order', [created, started], false],
    ['of an order that was cancelled', [created, expired], true],
    ['of a confirmed order whose stock may be sold to others', [created, confirmed], false],
    ['of a confirmed order whose stock is sold', [created, confirmed, sold], true],
    ['of an order that was out of stock', [created, confirmed, outOfStock], true],
  ])('%s', (_what, history, expected) => {
    expect(isFinal(history, NOW)).toBe(expected);
  });

  it('of an order confirmed long ago is that, also when its history lacks the rest', () => {
    expect(isFinal([created, confirmed], NOW + 2 * 60 * 60_000)).toBe(true);
    expect(isFinal([created], NOW + 2 * 60 * 60_000)).toBe(false);
  });
});
