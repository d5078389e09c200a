import { randomUUID } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { cancelQuery } from '@cartograph/testing';
import { openPayments } from './open-payments.ts';

it('a query ends in the database when its client disconnects, or its deadline has passed', async () => {
  const payments = await openPayments();
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
