import {
  milliseconds,
  parseEnv,
  port,
  postgresUrl,
  secret,
  timerMilliseconds,
  type Env,
} from '@cartograph/config';
import { natsServers, type NatsServers } from '@cartograph/events';
import type { ServiceClientOptions } from '@cartograph/resilience';
import {
  subgraphConfig,
  subgraphEnv,
  usersClient,
  type SubgraphConfig,
} from '@cartograph/subgraph';
import { z } from 'zod';
import { lowStockThreshold } from './domain/low-stock.ts';

/** The configuration of the product service. */
export type Config = SubgraphConfig & {
  readonly users: ServiceClientOptions;
  /** Where events are published, besides the service's own database. */
  readonly nats: NatsServers | undefined;
  /** How long published events are stored, in milliseconds. */
  readonly eventRetentionMs: number;
  readonly reservationSweepMs: number;
  /** Connections for reservations only, so that they never wait for browsing. */
  readonly reservationPoolSize: number;
  /** The stock at or below which a low stock event is written. */
  readonly lowStock: number;
};

const DAY_MS = 24 * 60 * 60_000;

/** The environment variables of the product service. */
export const productEnv = subgraphEnv.extend({
  PRODUCT_PORT: port().default(4002),
  PRODUCT_DATABASE_URL: postgresUrl(),
  PRODUCT_SECRET: secret(),
  ORDER_SECRET: secret(),
  RESERVATION_SWEEP_MS: timerMilliseconds().default(5_000),
  RESERVATION_POOL_SIZE: z.coerce.number().int().min(1).default(5),
  STOCK_LOW_THRESHOLD: lowStockThreshold,
  NATS_URL: natsServers().optional(),
  EVENT_RETENTION_MS: milliseconds().default(30 * DAY_MS),
});

/**
 * Reads the configuration of the product service.
 * @throws ConfigError that names every variable that is missing or not valid
 */
export const readConfig = (env: Env): Config => {
  const values = parseEnv(productEnv, env);
  return {
    ...subgraphConfig(
      {
        name: 'product',
        port: values.PRODUCT_PORT,
        databaseUrl: values.PRODUCT_DATABASE_URL,
        peerSecrets: { order: values.ORDER_SECRET },
      },
      values,
    ),
    nats: values.NATS_URL,
    eventRetentionMs: values.EVENT_RETENTION_MS,
    users: usersClient('product', values.PRODUCT_SECRET, values),
    reservationSweepMs: values.RESERVATION_SWEEP_MS,
    reservationPoolSize: values.RESERVATION_POOL_SIZE,
    lowStock: values.STOCK_LOW_THRESHOLD,
  };
};
