import type { Env } from '@cartograph/config';
import {
  makeSubgraphCaller,
  makeTestDatabase,
  TEST_SECRET,
  testInfrastructure,
  type TokenMaker,
} from '@cartograph/testing';
import { readConfig as readOrderConfig } from '../../../apps/order/src/config.ts';
import { makeServer as makeOrderServer } from '../../../apps/order/src/server.ts';
import { readConfig as readPaymentConfig } from '../../../apps/payment/src/config.ts';
import { makeServer as makePaymentServer } from '../../../apps/payment/src/server.ts';
import { readConfig as readProductConfig } from '../../../apps/product/src/config.ts';
import { makeServer as makeProductServer } from '../../../apps/product/src/server.ts';
import { freePort } from '../../../tools/postgres/free-port.ts';

/** The real product, order and payment services, each on a database of its own, over HTTP. */
export const openServices = async (tokens: TokenMaker, own: Env) => {
  const [productDb, orderDb, paymentDb] = await Promise.all([
    makeTestDatabase('product'),
    makeTestDatabase('order'),
    makeTestDatabase('payment'),
  ]);
  const [productPort, orderPort, paymentPort] = [
    await freePort(),
    await freePort(),
    await freePort(),
  ];
  const urlOf = (port: number) => `http://127.0.0.1:${port}/graphql`;
  const env: Env = {
    NODE_ENV: 'test',
    // Many services and their clients share this process: it may stand still for longer than 5 s.
    SESSION_STALENESS_ADMIN_MS: '600000',
    SESSION_STALENESS_MS: '600000',
    // One buyer stands for many.
    ORDER_OPEN_PER_ACCOUNT: '1000000',
    ORDER_UNITS_PER_ACCOUNT: '1000000',
    ORDER_UNITS_PER_ADDRESS: '1000000',
    PRODUCT_DATABASE_URL: productDb.url,
    ORDER_DATABASE_URL: orderDb.url,
    PAYMENT_DATABASE_URL: paymentDb.url,
    PRODUCT_URL: urlOf(productPort),
    ORDER_URL: urlOf(orderPort),
    PAYMENT_URL: urlOf(paymentPort),
    ROUTER_SECRET: TEST_SECRET,
    PRODUCT_SECRET: TEST_SECRET,
    ORDER_SECRET: TEST_SECRET,
    PAYMENT_SECRET: TEST_SECRET,
    JWKS_URL: tokens.jwksUrl,
    USER_URL: tokens.userUrl,
    JWT_ISSUER: tokens.scope.issuer,
    ...own,
  };
  const product = await makeProductServer({
    config: readProductConfig(env),
    ...testInfrastructure(),
  });
  const order = await makeOrderServer({ config: readOrderConfig(env), ...testInfrastructure() });
  const payment = await makePaymentServer({
    config: readPaymentConfig(env),
    ...testInfrastructure(),
  });
  const host = '127.0.0.1';
  await product.listen({ port: productPort, host });
  await payment.listen({ port: paymentPort, host });
  await order.listen({ port: orderPort, host });

  return {
    databases: { product: productDb, order: orderDb, payment: paymentDb },
    /** Asks a service as the router does. */
    ask: {
      product: makeSubgraphCaller(product),
      order: makeSubgraphCaller(order),
      payment: makeSubgraphCaller(payment),
    },
    close: async () => {
      for (const app of [order, payment, product]) await app.close();
      for (const database of [orderDb, paymentDb, productDb]) await database.drop();
    },
  };
};
