import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { TEST_SECRET, type TokenMaker } from '@cartograph/testing';
import { freePort } from '../../../tools/postgres/free-port.ts';
import { ask, type Answer, type Result } from './client.ts';
import { cloneDatabase } from './databases.ts';
import { startHttpProxy } from './http-proxy.ts';
import { CREATE_PRODUCT, RECORD_EVENT } from './operations.ts';
import { startPostgresProxy } from './postgres-proxy.ts';
import { startService, type ServiceProcess } from './service-process.ts';
import { makeTrap, type ServiceName } from './trap.ts';

export const START_STOCK = 10;
export const PRICE = 1999;

const SERVICES = ['product', 'order', 'payment'] as const;

/**
 * The product, order and payment service as processes of their own, on databases of their own, with
 * a proxy on every way between them: who stands there sees each commit and each call, and may kill.
 */
export const openWorld = async (options: {
  readonly name: string;
  readonly adminUrl: string;
  readonly tokens: TokenMaker;
  readonly logDir: string;
  readonly env?: Readonly<Record<string, string>>;
}) => {
  const { name, adminUrl, tokens } = options;
  const processes = new Map<ServiceName, ServiceProcess>();
  const trap = makeTrap((service) => processes.get(service)?.kill());
  const [product, order, payment] = await Promise.all([
    cloneDatabase(adminUrl, 'product', name),
    cloneDatabase(adminUrl, 'order', name),
    cloneDatabase(adminUrl, 'payment', name),
  ]);
  const databases = { product, order, payment };
  const ports = { product: await freePort(), order: await freePort(), payment: await freePort() };
  const originOf = (service: ServiceName) => `http://127.0.0.1:${ports[service]}`;

  const jobs = new Map<string, string>();
  const nameJobOf = (service: ServiceName) => async (given: string) => {
    const id = /\d+/.exec(given)?.[0] ?? '0';
    const known = jobs.get(`${service}:${id}`);
    if (known) return known;
    const [row] = await databases[service].query<{ task: string }>(
      'SELECT task_identifier AS task FROM graphile_worker.jobs WHERE id = $1',
      [id],
    );
    jobs.set(`${service}:${id}`, row?.task ?? 'a job');
    return row?.task ?? 'a job';
  };
  const sql = Object.fromEntries(
    await Promise.all(
      SERVICES.map(async (service) => {
        const watch = trap.watchCommits(service, nameJobOf(service));
        return [service, await startPostgresProxy(databases[service].url, watch)] as const;
      }),
    ),
  ) as Record<ServiceName, Awaited<ReturnType<typeof startPostgresProxy>>>;

  // What the REST door does: it hands in the raw body with its signature.
  const door = createServer((request, response) => {
    const record = async () => {
      const signature = String(request.headers['simulator-signature']);
      const input = { provider: 'simulator', payload: await text(request), signature };
      const { data } = await send('payment', RECORD_EVENT, { input });
      const isTaken = data?.['recordPaymentEvent']?.__typename === 'PaymentEvent';
      response.writeHead(isTaken ? 200 : 503).end();
    };
    record().catch(() => response.destroy());
  }).listen(0, '127.0.0.1');
  await once(door, 'listening');
  const doorOrigin = `http://127.0.0.1:${(door.address() as AddressInfo).port}`;

  const calls = {
    product: await startHttpProxy(originOf('product'), trap.watchCalls('order', 'product')),
    payment: await startHttpProxy(originOf('payment'), trap.watchCalls('order', 'payment')),
    order: await startHttpProxy(originOf('order'), trap.watchCalls('payment', 'order')),
    door: await startHttpProxy(doorOrigin, trap.watchCalls('payment', null)),
  };

  const env = {
    NODE_ENV: 'test',
    LOG_LEVEL: 'warn',
    METRICS_PORT: '0',
    // They start often.
    NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] ?? path.join(options.logDir, 'compiled'),
    DATABASE_POOL_SIZE: '4',
    ROUTER_SECRET: TEST_SECRET,
    PRODUCT_SECRET: TEST_SECRET,
    ORDER_SECRET: TEST_SECRET,
    PAYMENT_SECRET: TEST_SECRET,
    JWKS_URL: tokens.jwksUrl,
    USER_URL: tokens.userUrl,
    JWT_ISSUER: tokens.scope.issuer,
    PRODUCT_URL: `${calls.product.origin}/graphql`,
    PAYMENT_URL: `${calls.payment.origin}/graphql`,
    ORDER_URL: `${calls.order.origin}/graphql`,
    // A busy machine may let a process stand still for longer than 5 s.
    SESSION_STALENESS_ADMIN_MS: '600000',
    SESSION_STALENESS_MS: '600000',
    RESERVATION_SWEEP_MS: '1000',
    SIMULATOR_DELAY_MS: '1500',
    SIMULATOR_WEBHOOK_URL: `${calls.door.origin}/webhook`,
    ...options.env,
  };
  for (const service of SERVICES) {
    const variable = service.toUpperCase();
    const own = {
      [`${variable}_PORT`]: String(ports[service]),
      [`${variable}_DATABASE_URL`]: sql[service].url,
    };
    const logFile = path.join(options.logDir, `${name}-${service}.log`);
    const port = ports[service];
    processes.set(service, startService({ name: service, port, env: { ...env, ...own }, logFile }));
  }

  const send = (
    service: ServiceName,
    query: string,
    variables: object,
    more: { authorization?: string; caller?: 'router' | 'order' } = {},
  ): Promise<Answer> => ask({ origin: originOf(service), service, query, variables, ...more });

  const ready = async (): Promise<void> => {
    await Promise.all([...processes.values()].map((one) => one.ready()));
  };
  await ready();
  /** Signed anew for each use: a token is good for ten minutes, which a proof outlives. */
  const authorizeAdmin = () => tokens.authorize('ADMIN').authorization;

  /** Asks for one thing that must go well. */
  const must = async (
    service: ServiceName,
    query: string,
    input: object,
    authorization = authorizeAdmin(),
  ): Promise<Result> => {
    const { data, errors } = await send(service, query, { input }, { authorization });
    const [result] = Object.values(data ?? {});
    if (result?.id) return result;
    throw new Error(`a story could not begin: ${JSON.stringify(result ?? errors)}`);
  };

  return {
    name,
    trap,
    databases,
    tokens,
    /** Where the services are, without anybody between. */
    origins: {
      product: originOf('product'),
      order: originOf('order'),
      payment: originOf('payment'),
    },
    authorizeAdmin,
    send,
    must,
    /** Resolves when all three can serve. */
    ready,
    /** Puts products in the catalogue that nobody else buys. */
    addProducts: (count: number, stock = START_STOCK): Promise<string[]> =>
      Promise.all(
        Array.from({ length: count }, async () => {
          const price = { amount: PRICE, currency: 'EUR' };
          const input = { sku: randomUUID(), name: 'A thing', price, stock };
          return (await must('product', CREATE_PRODUCT, input)).id ?? '';
        }),
      ),
    close: async (): Promise<void> => {
      await Promise.all([...processes.values()].map((one) => one.stop()));
      door.closeAllConnections();
      door.close();
      await Promise.all(Object.values(calls).map((proxy) => proxy.close()));
      await Promise.all(Object.values(sql).map((proxy) => proxy.close()));
      await Promise.all(Object.values(databases).map((database) => database.close()));
    },
  };
};

export type World = Awaited<ReturnType<typeof openWorld>>;
