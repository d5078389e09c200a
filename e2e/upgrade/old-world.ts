import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { eventually } from '@cartograph/testing';
import { Client } from 'pg';

type Service = 'product' | 'order' | 'payment';

/** A member of a result union. */
type Result = { readonly __typename: string; readonly id: string; readonly status?: string };

type Database = {
  readonly url: string;
  readonly query: <Row extends object>(sql: string, values?: unknown[]) => Promise<Row[]>;
};

/** What is used of `tools/prove/world/open-world.ts` of that commit. */
type World = {
  readonly databases: Readonly<Record<Service, Database>>;
  readonly trap: {
    readonly set: (target: RegExp | null) => void;
    readonly lift: () => void;
    readonly victim: () => object | null;
  };
  readonly authorizeAdmin: () => string;
  readonly send: (
    service: Service,
    query: string,
    variables: object,
    more: { authorization: string },
  ) => Promise<{ data: Readonly<Record<string, Result | null>> | null }>;
  readonly ready: () => Promise<void>;
  readonly addProducts: (count: number, stock: number) => Promise<string[]>;
  readonly close: () => Promise<void>;
};

/** The tasks of that commit, but for the periodic ones. */
export type OldTask =
  | 'resolve_order'
  | 'settle_order'
  | 'refund_payment'
  | 'ask_provider'
  | 'watch_decline'
  | 'tell_order'
  | 'request_refund'
  | 'process_event'
  | 'deliver_webhook';

/** A stopped job waits for so long; no other job does. */
const STOPPED = "interval '10 hours'";
const IS_STOPPED = "run_at > now() + interval '5 hours'";

/** Stops jobs as they are stored, unless their task is listed as running. */
const INSTALL_STOP = `
  CREATE SCHEMA stop;
  CREATE TABLE stop.running (task text);
  CREATE FUNCTION stop.job() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF NOT EXISTS (
      SELECT FROM stop.running JOIN graphile_worker._private_tasks ON identifier = task
      WHERE id = NEW.task_id
    ) AND NOT NEW.${IS_STOPPED} AND EXISTS (
      SELECT FROM graphile_worker._private_tasks
      WHERE id = NEW.task_id AND NOT starts_with(identifier, 'forget_')
    ) THEN
      NEW.run_at := NEW.run_at + ${STOPPED};
    END IF;
    RETURN NEW;
  END $$;
  CREATE TRIGGER stop BEFORE INSERT OR UPDATE OF run_at ON graphile_worker._private_jobs
    FOR EACH ROW EXECUTE FUNCTION stop.job();`;

const OPERATIONS = {
  createOrder: ['order', 'CreateOrderInput', '... on Order { id status }'],
  payOrder: ['order', 'PayOrderInput', '... on Order { id status }'],
  cancelOrder: ['order', 'CancelOrderInput', '... on Order { id status }'],
  refundPayment: ['payment', 'RefundPaymentInput', '... on Refund { id status }'],
} as const satisfies Record<string, readonly [Service, string, string]>;

type Operation = keyof typeof OPERATIONS;

/** Gives the stopped jobs of a database their own times again. */
const startJobs = async (url: string): Promise<void> => {
  const client = new Client(url);
  await client.connect();
  await client.query('DROP SCHEMA stop CASCADE');
  await client.query(
    `UPDATE graphile_worker._private_jobs SET run_at = run_at - ${STOPPED} WHERE ${IS_STOPPED}`,
  );
  await client.end();
};

/** Imports a module of the checkout. */
const load = <Module>(checkout: string, file: string): Promise<Module> =>
  import(path.join(checkout, file)) as Promise<Module>;

/** Runs the services of a checkout of 94e3a95. All jobs are stopped until they are allowed to run. */
export const openOldWorld = async (checkout: string) => {
  const [{ openPostgres }, { makeTokenMaker }, { openWorld }] = await Promise.all([
    load<{ openPostgres: () => Promise<{ adminUrl: string; close: () => Promise<void> }> }>(
      checkout,
      'tools/prove/open-postgres.ts',
    ),
    load<{
      makeTokenMaker: () => Promise<{
        authorize: () => { authorization: string };
        close: () => Promise<void>;
      }>;
    }>(checkout, 'libs/testing/src/index.ts'),
    load<{ openWorld: (options: object) => Promise<World> }>(
      checkout,
      'tools/prove/world/open-world.ts',
    ),
  ]);
  const postgres = await openPostgres();
  const tokens = await makeTokenMaker();
  const logDir = fs.mkdtempSync(path.join(os.tmpdir(), 'cartograph-old-'));
  const world = await openWorld({
    name: 'old',
    adminUrl: postgres.adminUrl,
    tokens,
    logDir,
    env: { SIMULATOR_DELAY_MS: String(10 * 60_000), PROVIDER_TIMEOUT_MS: '2000' },
  });
  const { databases, trap } = world;
  const withJobs = [databases.order, databases.payment];
  for (const database of withJobs) await database.query(INSTALL_STOP);
  const customer = tokens.authorize().authorization;
  const [productId = ''] = await world.addProducts(1, 1_000);
  let isOpen = true;

  const send = async (operation: Operation, input: object): Promise<Result | null> => {
    const [service, type, selection] = OPERATIONS[operation];
    const query = `mutation ($input: ${type}!) {
      ${operation}(input: $input) { __typename ${selection} }
    }`;
    const authorization = operation === 'refundPayment' ? world.authorizeAdmin() : customer;
    const { data } = await world.send(service, query, { input }, { authorization });
    return data?.[operation] ?? null;
  };

  const stopJobs = async (): Promise<void> => {
    for (const database of withJobs) {
      await database.query('DELETE FROM stop.running');
      await eventually(async () => {
        const held = await database.query(
          'SELECT FROM graphile_worker._private_jobs WHERE locked_at IS NOT NULL',
        );
        if (held.length > 0) throw new Error('a job is running');
      });
      await database.query(
        `UPDATE graphile_worker._private_jobs SET run_at = run_at WHERE NOT ${IS_STOPPED}`,
      );
    }
  };

  return {
    databases,
    productId,
    send,
    stopJobs,

    /** Lets jobs of these tasks run, also the stopped ones that are about this id. */
    runJobs: async (tasks: readonly OldTask[], about: string): Promise<void> => {
      for (const database of withJobs) {
        await database.query('INSERT INTO stop.running SELECT unnest($1::text[])', [tasks]);
        await database.query(
          `UPDATE graphile_worker._private_jobs SET run_at = now()
           WHERE strpos(payload::text, $1) > 0 AND locked_at IS NULL AND attempts < max_attempts
           AND task_id IN (SELECT id FROM graphile_worker._private_tasks
             WHERE identifier = ANY($2::text[]))`,
          [about, tasks],
        );
        await database.query(`SELECT pg_notify('jobs:insert', '{"count":1}')`);
      }
    },

    /** Kills a service at a boundary of this name, which `work` reaches, and waits for its restart. */
    killDuring: async (boundary: RegExp, work: () => Promise<unknown>): Promise<void> => {
      trap.set(boundary);
      await work().catch(() => undefined);
      await eventually(() => {
        if (!trap.victim()) throw new Error(`nothing was killed at ${boundary}`);
      });
      await stopJobs();
      trap.lift();
      await world.ready();
    },

    /** @returns the addresses of the databases */
    stopServices: async (): Promise<Readonly<Record<Service, string>>> => {
      await stopJobs();
      await world.close();
      isOpen = false;
      for (const { url } of withJobs) await startJobs(url);
      const { product, order, payment } = databases;
      return { product: product.url, order: order.url, payment: payment.url };
    },

    close: async (): Promise<void> => {
      if (isOpen) await world.close();
      await tokens.close();
      await postgres.close();
    },
  };
};

export type OldWorld = Awaited<ReturnType<typeof openOldWorld>>;
