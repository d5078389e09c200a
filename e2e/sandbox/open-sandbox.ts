import { randomUUID } from 'node:crypto';
import type { Agent } from 'node:http';
import path from 'node:path';
import {
  makeTestDatabase,
  TEST_SECRETS,
  type TestDatabase,
  type TokenMaker,
} from '@cartograph/testing';
import { makeCallDelays } from './call-delays.ts';
import { makeClient } from './client.ts';
import { makeFaultInjector, type FaultInjector } from './fault-injector.ts';
import { startHttpProxy, type CallHook } from './http-proxy.ts';
import { startPostgresProxy } from './postgres-proxy.ts';
import { sendWhileBusy } from './send-until-served.ts';
import { findServicePort } from './service-port.ts';
import { startService, type ServiceName, type ServiceProcess } from './service-process.ts';
import { openWebhookReceiver, type Webhook } from './webhook-receiver.ts';

export const PRICE = 1999;

export type SandboxOptions = {
  /** The product, order and payment service when left out. */
  readonly services?: readonly ServiceName[];
  readonly env?: Readonly<Record<string, string>>;
  /** Puts proxies between the services, and between each service and its Postgres. */
  readonly hasProxies?: boolean;
  /** Called with the SQL of each statement, where there are proxies. */
  readonly onStatement?: (sql: string) => void;
  /** Makes the database of a service; a clone of its migrated template when left out. */
  readonly makeDatabase?: (service: ServiceName) => Promise<TestDatabase>;
  /** Where clients reuse connections; without one, each request opens its own. */
  readonly agent?: Agent;
};

/** One of these for each service; only those of the services that run are there. */
type Each<Value> = Readonly<Record<ServiceName, Value>>;

const forEach = async <Value>(
  services: readonly ServiceName[],
  make: (service: ServiceName) => Promise<Value>,
): Promise<Each<Value>> =>
  Object.fromEntries(
    await Promise.all(services.map(async (service) => [service, await make(service)] as const)),
  ) as Each<Value>;

/** Names a job's task, also when the job is finished. */
const makeJobNames = (database: TestDatabase) => {
  const names = new Map<string, string>();
  return async (given: string): Promise<string> => {
    const id = /\d+/.exec(given)?.[0] ?? '0';
    const known = names.get(id);
    if (known) return known;
    const [row] = await database.query<{ task: string }>(
      'SELECT task_identifier AS task FROM graphile_worker.jobs WHERE id = $1',
      [id],
    );
    names.set(id, row?.task ?? 'a job');
    return row?.task ?? 'a job';
  };
};

/** The way of each call between the services: directly, or through a proxy. */
const openCalls = async (
  originOf: (service: ServiceName) => string,
  webhooks: string,
  injector: FaultInjector | null,
  findDelay: NonNullable<CallHook['findDelay']>,
) => {
  const via = (target: string, caller: ServiceName, callee: ServiceName | null) =>
    injector
      ? startHttpProxy(target, { ...injector.hookCalls(caller, callee), findDelay })
      : { origin: target, close: async () => undefined };
  return {
    product: await via(originOf('product'), 'order', 'product'),
    payment: await via(originOf('payment'), 'order', 'payment'),
    order: await via(originOf('order'), 'payment', 'order'),
    webhooks: await via(webhooks, 'payment', null),
  };
};

/**
 * Runs services as child processes, each on a database of its own. It needs TEST_POSTGRES_URL, as
 * `openSandboxes` and `npm test` set it.
 */
export const openSandbox = async (
  options: SandboxOptions & { readonly tokens: TokenMaker; readonly logDir: string },
) => {
  const { services = ['product', 'order', 'payment'], hasProxies = false, tokens } = options;
  const processes = new Map<ServiceName, ServiceProcess>();
  const injector = makeFaultInjector((service) => processes.get(service)?.kill());
  const databases = await forEach(services, options.makeDatabase ?? makeTestDatabase);
  const ports = await forEach(['user', 'product', 'order', 'payment'], findServicePort);
  const originOf = (service: ServiceName) => `http://127.0.0.1:${ports[service]}`;
  const client = makeClient(originOf, tokens, options.agent ?? false);

  /** Forwards a webhook as the REST API does. */
  const recordWebhook = async ({ body: payload, signature }: Webhook): Promise<boolean> => {
    const result = await client.send('recordPaymentEvent', {
      provider: 'simulator',
      payload,
      signature,
    });
    return result.__typename === 'PaymentEvent';
  };
  const webhooks = await openWebhookReceiver(recordWebhook);
  const delays = makeCallDelays();
  const calls = await openCalls(
    originOf,
    webhooks.origin,
    hasProxies ? injector : null,
    delays.findDelay,
  );
  const sql = await forEach(services, async (service) => {
    const { url } = databases[service];
    if (!hasProxies) return { url, close: async () => undefined };
    const hook = injector.hookCommits(service, makeJobNames(databases[service]));
    const { onStatement } = options;
    return startPostgresProxy(url, { ...hook, ...(onStatement && { statement: onStatement }) });
  });

  for (const service of services) {
    const variable = service.toUpperCase();
    const env = {
      NODE_ENV: 'test',
      LOG_LEVEL: 'warn',
      METRICS_PORT: '0',
      NODE_COMPILE_CACHE:
        process.env['NODE_COMPILE_CACHE'] ?? path.join(options.logDir, 'compiled'),
      [`${variable}_PORT`]: String(ports[service]),
      [`${variable}_DATABASE_URL`]: sql[service].url,
      ...TEST_SECRETS,
      JWT_PRIVATE_KEY: tokens.privateKeyPem,
      JWT_ISSUER: tokens.scope.issuer,
      JWKS_URL: tokens.jwksUrl,
      USER_URL: tokens.userUrl,
      PRODUCT_URL: `${calls.product.origin}/graphql`,
      ORDER_URL: `${calls.order.origin}/graphql`,
      PAYMENT_URL: `${calls.payment.origin}/graphql`,
      SIMULATOR_WEBHOOK_URL: `${calls.webhooks.origin}/webhook`,
      // On a busy machine a process may not run for longer than 5 s.
      SESSION_STALENESS_ADMIN_MS: '600000',
      SESSION_STALENESS_MS: '600000',
      // One customer stands for many.
      ORDER_OPEN_PER_ACCOUNT: '1000000',
      ORDER_UNITS_PER_ACCOUNT: '1000000',
      ORDER_UNITS_PER_ADDRESS: '1000000',
      ...options.env,
    };
    const logFile = path.join(options.logDir, `${ports[service]}-${service}.log`);
    const origin = originOf(service);
    processes.set(service, startService({ name: service, origin, env, logFile }));
  }
  const ready = async (): Promise<void> => {
    await Promise.all([...processes.values()].map((one) => one.ready()));
  };
  await ready();
  const admin = client.signIn('ADMIN');

  return {
    ...client,
    admin,
    injector,
    databases,
    webhooks,
    recordWebhook,
    originOf,
    /** Resolves when all services are ready for requests. */
    ready,
    /** Delays the next call between services of an operation of this name. It needs proxies. */
    delayNext: delays.delayNext,
    /** Adds a product to the catalogue. @returns its id */
    addProduct: async (fields: { stock: number; price?: number }): Promise<string> => {
      const { stock, price: amount = PRICE } = fields;
      const price = { amount, currency: 'EUR' };
      // A process that has just started refuses administrators until it knows the revoked sessions.
      const { result } = await sendWhileBusy(() => {
        const input = { sku: `P-${randomUUID()}`, name: 'A thing', price, stock };
        return admin.send('createProduct', input);
      });
      const { id, code } = typeof result === 'string' ? { id: null, code: result } : result;
      if (!id) throw new Error(`the product was not added: ${code}`);
      return id;
    },
    close: async (): Promise<void> => {
      await Promise.all([...processes.values()].map((one) => one.stop()));
      await Promise.all([...Object.values(calls), ...Object.values(sql)].map((one) => one.close()));
      await webhooks.close();
      await Promise.all(Object.values(databases).map((database) => database.drop()));
    },
  };
};

export type Sandbox = Awaited<ReturnType<typeof openSandbox>>;
