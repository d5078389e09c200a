import { randomUUID } from 'node:crypto';
import { graph } from './graph.ts';
import { rest } from './rest.ts';

/** What a token can do in both APIs, and in each subgraph that requires an account. */
export const reach = async (token: string): Promise<readonly (number | string)[]> => {
  const me = await rest('GET', '/v1/me', { token });
  const orders = await rest('GET', '/v1/orders', { token });
  const created = await graph(
    'mutation { createOrder(input: { items: [] }) { __typename } }',
    {},
    { token },
  );
  const payment = await graph(`{ payment(id: "${randomUUID()}") { id } }`, {}, { token });
  return [
    me.status,
    orders.status,
    created.errors[0]?.extensions.code ?? 'OK',
    payment.errors[0]?.extensions.code ?? 'OK',
  ];
};

/** What `reach` returns for the token of a session. */
export const EVERYTHING = [200, 200, 'OK', 'OK'];

/** What it returns for any other text. */
export const NOTHING = [401, 401, 'UNAUTHENTICATED', 'UNAUTHENTICATED'];
