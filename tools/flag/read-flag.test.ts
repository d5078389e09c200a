import { describe, expect, it } from 'vitest';
import { readFlag } from './read-flag.ts';

describe('a flag', () => {
  it.each([
    ['payment.slow=2s', { app: 'payment', part: 'requests', change: { slowMs: 2_000 } }],
    ['user.slow=500ms', { app: 'user', part: 'requests', change: { slowMs: 500 } }],
    ['rest.slow=60s', { app: 'rest', part: 'requests', change: { slowMs: 60_000 } }],
    ['order.slow=off', { app: 'order', part: 'requests', change: { slowMs: 0 } }],
    ['router.fail=on', { app: 'router', part: 'requests', change: { fails: true } }],
    ['provider.fail=off', { app: 'payment', part: 'provider', change: { fails: false } }],
    ['provider.slow=3s', { app: 'payment', part: 'provider', change: { slowMs: 3_000 } }],
  ])('%s is read', (text, flag) => {
    expect(readFlag(text)).toEqual(flag);
  });

  it.each([
    '',
    'payment',
    'payment.slow',
    'payment.slow=2',
    'payment.slow=-1s',
    'payment.slow=1e3ms',
    'payment.fail=true',
    'payment.stop=on',
    'shop.slow=2s',
    'payment.slow=2s ',
  ])('%j is none', (text) => {
    expect(() => readFlag(text)).toThrow('It must be TARGET.slow=2s');
  });

  it('has a limit', () => {
    expect(() => readFlag('payment.slow=61s')).toThrow('60 seconds at most');
  });
});
