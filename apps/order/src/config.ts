import {
  httpUrl,
  inDevelopment,
  milliseconds,
  millisecondsFrom,
  parseEnv,
  port,
  postgresUrl,
  secret,
  timerMilliseconds,
  type Env,
} from '@cartograph/config';
import { natsServers, type NatsServers } from '@cartograph/events';
import { MIN_RETENTION_MS } from '@cartograph/idempotency';
import type { ServiceClientOptions } from '@cartograph/resilience';
import {
  subgraphConfig,
  subgraphEnv,
  usersClient,
  type SubgraphConfig,
} from '@cartograph/subgraph';
import { z } from 'zod';
import type { OrderTimes } from './domain/order-times.ts';
import type { HoldLimits } from './domain/stock-hold.ts';

/** The configuration of the order service. */
export type Config = SubgraphConfig & {
  readonly users: ServiceClientOptions;
  /** The broker that events are published to; without it they stay in the service. */
  readonly nats: NatsServers | undefined;
  /** How long published events are stored, in milliseconds. */
  readonly eventRetentionMs: number;
  /** How long idempotency keys and their responses are stored, in milliseconds. */
  readonly idempotencyRetentionMs: number;
  readonly times: OrderTimes;
  readonly limits: HoldLimits;
  readonly product: ServiceClientOptions;
  readonly payment: ServiceClientOptions;
};

const DAY_MS = 24 * 60 * 60_000;

/** A number of orders or units, as an integer of Postgres. */
const amount = () => z.coerce.number().int().min(1).max(2_147_483_647);

/** The environment variables of the order service. */
export const orderEnv = subgraphEnv.extend({
  ORDER_PORT: port().default(4003),
  ORDER_DATABASE_URL: postgresUrl(),
  ORDER_SECRET: secret(),
  PAYMENT_SECRET: secret(),
  ORDER_OPEN_PER_ACCOUNT: amount().default(50),
  ORDER_UNITS_PER_ACCOUNT: amount().default(2_000),
  ORDER_UNITS_PER_ADDRESS: amount().default(20_000),
  ORDER_RESERVATION_MS: milliseconds().default(15 * 60_000),
  PRODUCT_URL: inDevelopment(httpUrl(), 'http://127.0.0.1:4002/graphql'),
  PAYMENT_URL: inDevelopment(httpUrl(), 'http://127.0.0.1:4004/graphql'),
  SERVICE_TIMEOUT_MS: timerMilliseconds().default(10_000),
  SERVICE_BREAK_MS: milliseconds().default(2_000),
  NATS_URL: natsServers().optional(),
  IDEMPOTENCY_RETENTION_MS: millisecondsFrom(MIN_RETENTION_MS).default(MIN_RETENTION_MS),
  EVENT_RETENTION_MS: milliseconds().default(30 * DAY_MS),
});

/**
 * Reads the configuration of the order service.
 * @throws ConfigError that names every variable that is missing or not valid
 */
export const readConfig = (env: Env): Config => {
  const values = parseEnv(orderEnv, env);
  const peer = (service: string, url: string): ServiceClientOptions => ({
    service,
    url,
    caller: 'order',
    secret: values.ORDER_SECRET,
    timeoutMs: values.SERVICE_TIMEOUT_MS,
    limits: { breakMs: values.SERVICE_BREAK_MS },
  });
  return {
    ...subgraphConfig(
      {
        name: 'order',
        port: values.ORDER_PORT,
        databaseUrl: values.ORDER_DATABASE_URL,
        peerSecrets: { payment: values.PAYMENT_SECRET },
      },
      values,
    ),
    nats: values.NATS_URL,
    idempotencyRetentionMs: values.IDEMPOTENCY_RETENTION_MS,
    eventRetentionMs: values.EVENT_RETENTION_MS,
    users: usersClient('order', values.ORDER_SECRET, values),
    times: { reservationMs: values.ORDER_RESERVATION_MS },
    limits: {
      ordersPerAccount: values.ORDER_OPEN_PER_ACCOUNT,
      unitsPerAccount: values.ORDER_UNITS_PER_ACCOUNT,
      unitsPerAddress: values.ORDER_UNITS_PER_ADDRESS,
    },
    product: peer('product', values.PRODUCT_URL),
    payment: peer('payment', values.PAYMENT_URL),
  };
};
