import type { Logger } from '@cartograph/logging';
import { metrics } from '@opentelemetry/api';
import { makeMemoryAttemptCounter, makePostgresAttemptCounter } from './db/make-attempt-counter.ts';
import type { Database } from './db/make-database.ts';
import { makePrismaKnownAddresses } from './db/make-prisma-known-addresses.ts';
import { makeThrottle, type Throttle, type ThrottledOperation } from './domain/throttle.ts';
import type { ThrottleConfig } from './throttle-config.ts';

/** Wires the throttle to where its config says that attempts are counted, and to the metrics. */
export const openThrottle = (deps: {
  config: { readonly throttle: ThrottleConfig; readonly databaseUrl: string };
  database: Database;
  log: Logger;
}): {
  readonly throttle: Throttle;
  /** Counts and logs an attempt that was refused. */
  readonly onRefused: (operation: ThrottledOperation) => void;
  readonly close: () => Promise<void>;
} => {
  const { config, database, log } = deps;
  const { store, secret, rules } = config.throttle;
  const onFailure = (error: unknown): void => log.error({ err: error }, 'throttle store failed');
  const throttled = metrics
    .getMeter('cartograph.user')
    .createCounter('shop.auth.throttled', { description: 'Attempts that were refused unseen.' });
  const { close, ...counter } =
    store === 'postgres'
      ? makePostgresAttemptCounter(config.databaseUrl, onFailure)
      : { ...makeMemoryAttemptCounter(), close: async () => undefined };
  const onRefused = (operation: ThrottledOperation): void => {
    throttled.add(1, { operation });
    log.info({ operation }, 'attempt throttled');
  };
  const throttle = makeThrottle({
    counter,
    known: makePrismaKnownAddresses(database),
    rules,
    secret,
    onRefused,
    onFailure,
  });
  return { throttle, onRefused, close };
};
