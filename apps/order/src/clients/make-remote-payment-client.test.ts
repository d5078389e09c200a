import { ShopError } from '@cartograph/errors';
import type { ServiceClient } from '@cartograph/resilience';
import { describe, expect, it } from 'vitest';
import { makeRemotePaymentClient } from './make-remote-payment-client.ts';

const CHARGE = {
  orderId: 'order',
  attempt: 1,
  userId: 'ada',
  amount: { amount: 100, currency: 'EUR' },
  method: null,
  chargeUntil: new Date('2026-12-01T12:00:00Z'),
};

const PAYMENT = { __typename: 'Payment', id: 'p1', status: 'SUCCEEDED', failure: null };

/** Charges while the payment service refuses the requests that `refuse` is true for, with `message`. */
const charge = async (message: string, refuse: (input: object) => boolean) => {
  const inputs: object[] = [];
  const client = makeRemotePaymentClient({
    request: async (_operation: unknown, { input }: { input: object }) => {
      inputs.push(input);
      if (refuse(input)) {
        throw new ShopError('UNAVAILABLE', undefined, { cause: new Error(message) });
      }
      return { createPaymentIntent: PAYMENT };
    },
  } as Partial<ServiceClient> as ServiceClient);
  const outcome = await client.charge(CHARGE).catch(({ code }: ShopError) => code);
  return { outcome, inputs };
};

describe('a charge', () => {
  it('has the time after which the order has ended', async () => {
    const { outcome, inputs } = await charge('', () => false);
    expect(outcome).toEqual({ paymentId: 'p1', status: 'SUCCEEDED' });
    expect(inputs).toMatchObject([{ chargeUntil: '2026-12-01T12:00:00.000Z' }]);
  });

  it('is requested without that from a service of the release before', async () => {
    const message =
      'http://payment responded with an error: Variable "$input" got invalid value { }; ' +
      'Field "chargeUntil" is not defined by type "CreatePaymentIntentInput".';
    const { outcome, inputs } = await charge(message, (input) => 'chargeUntil' in input);
    expect(outcome).toEqual({ paymentId: 'p1', status: 'SUCCEEDED' });
    expect(inputs).toHaveLength(2);
    expect(inputs[1]).not.toHaveProperty('chargeUntil');
  });

  it('is not repeated when the service does not respond', async () => {
    const { outcome, inputs } = await charge('did not respond', () => true);
    expect([outcome, inputs.length]).toEqual(['UNAVAILABLE', 1]);
  });
});
