import { describe, expect, it } from 'vitest';
import { makeLaneChoice } from './choose-lane.ts';

const choose = makeLaneChoice(1_000);

const LOGIN = 'mutation { login(input: { email: "a", password: "b" }) { __typename } }';
const PAY = 'mutation Pay($i: PayOrderInput!) { payOrder(input: $i) { __typename } }';

describe('the lane of a request', () => {
  it.each([
    ['signIn', LOGIN],
    ['signIn', 'mutation { a: register(input: $i) { __typename } }'],
    ['signIn', 'mutation { ...F } fragment F on Mutation { refreshSession(input: $i) { id } }'],
    ['signIn', `${PAY} ${LOGIN.replace('mutation', 'mutation Other')}`],
    ['signIn', 'mutation { payOrder(input: $i) { id } changePassword(input: $i) { id } }'],
    ['payment', PAY],
    ['payment', 'mutation { p: payOrder(input: $i) { id } cancelOrder(input: $i) { id } }'],
    ['payment', 'mutation { recordPaymentEvent(input: $i) { __typename } }'],
    ['general', '{ products { nodes { name } } }'],
    ['general', '# payOrder login\n{ products { nodes { name } } }'],
    ['general', '{ products(filter: { text: "payOrder" }) { nodes { name } } }'],
    ['general', 'query payOrder { payOrder: products { nodes { name } } }'],
    ['general', 'mutation { payOrder(input: $i) { id } createProduct(input: $i) { id } }'],
    ['general', `${PAY} query Other { products { nodes { name } } }`],
    ['general', 'mutation { ...F } fragment F on Mutation { payOrder(input: $i) { id } }'],
    ['general', 'mutation { login('],
    ['general', `mutation { login ${'a '.repeat(2_000)} }`],
    ['general', ''],
  ])('is %s: %s', (lane, query) => {
    expect(choose(query)).toBe(lane);
    expect(choose(query)).toBe(lane);
  });

  it('is general for a request without a document', () => {
    expect(choose(undefined)).toBe('general');
  });
});
