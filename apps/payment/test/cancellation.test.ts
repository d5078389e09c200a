import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { cancelQuery } from '@cartograph/testing';
import { openPayment } from './open-payment.ts';

it('cancels a query in the database when its client disconnects or its deadline passes', async () => {
  const payments = await openPayment();
  const headers = { authorization: payments.admin.authorization };
  const id = randomUUID();
  const orders = [{ __typename: 'Order', id }];
  for (const [query, variables] of [
    ['query ($id: ID!) { payment(id: $id) { status } }', { id }],
    [
      `query ($orders: [_Any!]!) {
         _entities(representations: $orders) { ... on Order { payments { status } } }
       }`,
      { orders },
    ],
  ] as const) {
    const codes = await cancelQuery(payments, 'payments', query, { variables, headers });
    expect(codes).toEqual(['UNAVAILABLE']);
  }
  await payments.close();
});
