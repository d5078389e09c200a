import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultLimits } from '@cartograph/operation-limits';
import { findCostlyTexts, TEST_SECRET } from '@cartograph/testing';
import { readConfig } from '../src/config.ts';
import { openOrder, type Shop } from './open-order.ts';

let shop: Shop;

beforeAll(async () => {
  shop = await openOrder();
});

afterAll(() => shop.close());

/** The router’s operation for `me { orders ... }`: nested orders of customers. */
const nest = (first: number, levels: number): string => {
  const orders = (left: number): string =>
    `orders(first: ${first}) { nodes { ${left > 1 ? `customer { ${orders(left - 1)} }` : 'id'} } }`;
  return `query ($representations: [_Any!]!) {
    _entities(representations: $representations) { ... on User { ${orders(levels)} } }
  }`;
};

describe('the limits of the order service', () => {
  it('are set by the environment', () => {
    const secrets = { ROUTER_SECRET: TEST_SECRET, ORDER_SECRET: TEST_SECRET };
    const config = readConfig({
      NODE_ENV: 'test',
      ...secrets,
      PAYMENT_SECRET: TEST_SECRET,
      ORDER_DATABASE_URL: 'postgres://order:x@127.0.0.1/order',
      OPERATION_MAX_COST: '7',
    });
    expect(config.operationLimits).toEqual({ ...defaultLimits('subgraph'), cost: 7 });
  });
});

describe('orders of customers of orders', () => {
  const send = (operation: string) => {
    const ada = shop.signIn();
    return ada.query(operation, { representations: [{ __typename: 'User', id: ada.id }] });
  };

  it('are refused before they are read when there could be too many', async () => {
    for (const levels of [3, 4]) {
      const { status, data, errors } = await send(nest(100, levels));
      expect({ status, data }).toEqual({ status: 400, data: undefined });
      expect(errors).toMatchObject([{ extensions: { code: 'OPERATION_TOO_EXPENSIVE' } }]);
    }
  });

  it('are read when there are few', async () => {
    const { data, errors } = await send(nest(20, 2));
    expect(errors).toEqual([]);
    expect(data._entities).toHaveLength(1);
  });

  it('report a page size out of range as such, not as cost', async () => {
    const { errors } = await send(nest(1_000, 1));
    expect(errors).toMatchObject([
      { message: 'first must be from 1 to 100', extensions: { code: 'BAD_USER_INPUT' } },
    ]);
  });
});

describe('texts of requests', () => {
  it('are refused when they are too long, and the most expensive allowed ones are cheap', async () => {
    const schema = new URL('../schema.graphql', import.meta.url);
    const authorization = shop.authorize('ADMIN');
    expect(await findCostlyTexts(shop.app, schema, { authorization })).toEqual([]);
  });
});
