import { describe, expect, it } from '@jest/globals';
import { makeSimulator } from './make-simulator.ts';

const charge = (method: string, idempotencyKey = 'order:1') => ({
  idempotencyKey,
  method,
  amount: { amount: 1999, currency: 'EUR' },
});

describe('the simulator', () => {
  const simulator = makeSimulator('42');

  it('succeeds and declines by payment method', async () => {
    expect(await simulator.charge(charge('sim_success'))).toMatchObject({ status: 'SUCCEEDED' });
    expect(await simulator.charge(charge('sim_decline'))).toMatchObject({
      status: 'FAILED',
      failureCode: 'card_declined',
    });
  });

  it('gives a repeat of one key the same answer, and another key another charge', async () => {
    const first = await simulator.charge(charge('sim_chance', 'a:1'));
    expect(await makeSimulator('42').charge(charge('sim_chance', 'a:1'))).toEqual(first);
    const other = await simulator.charge(charge('sim_chance', 'b:1'));
    expect(other.reference).not.toBe(first.reference);
  });

  it('lets chance follow from the seed', async () => {
    const answers = async (seed: string) => {
      const provider = makeSimulator(seed);
      const keys = Array.from({ length: 200 }, (_, index) => `order-${index}:1`);
      const outcomes = await Promise.all(
        keys.map((key) => provider.charge(charge('sim_chance', key))),
      );
      return outcomes.map((outcome) => outcome.status);
    };
    const once = await answers('1');
    expect(await answers('1')).toEqual(once);
    expect(await answers('2')).not.toEqual(once);
    expect(once.filter((status) => status === 'FAILED').length).toBeGreaterThan(10);
    expect(once.filter((status) => status === 'SUCCEEDED').length).toBeGreaterThan(100);
  });

  it('knows its methods', () => {
    expect(simulator.acceptsMethod('sim_success')).toBe(true);
    expect(simulator.acceptsMethod('toString')).toBe(false);
  });
});
