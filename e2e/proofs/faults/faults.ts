import pg from 'pg';
import type { ProductionShop } from '../../bench/production/open-production-shop.ts';
import type { ServiceName } from '../../../tools/services.ts';
import type { RequestName } from './requests.ts';
import type { Link } from './start-link.ts';

/** A shop whose services reach their databases by links. */
export type BreakableShop = Pick<ProductionShop, 'pids' | 'databaseUrls'> & {
  readonly links: Readonly<Record<ServiceName, Link>>;
};

/** One fault, and what it must leave alone. */
export type Fault = {
  readonly name: string;
  /** The request that needs what is broken. */
  readonly affected: RequestName;
  /** Requests that do not need it. */
  readonly others: readonly RequestName[];
  /** @returns what ends the fault; nothing else is done about it */
  readonly begin: (shop: BreakableShop) => Promise<() => Promise<void>>;
};

/** So much later is each response of a disk that is overloaded. */
const SLOW_DISK_MS = 500;

const hang =
  (service: ServiceName): Fault['begin'] =>
  async ({ pids }) => {
    process.kill(pids[service], 'SIGSTOP');
    return async () => void process.kill(pids[service], 'SIGCONT');
  };

const breakLink =
  (service: ServiceName, fail: (link: Link) => void | Promise<void>): Fault['begin'] =>
  async ({ links }) => {
    await fail(links[service]);
    return () => links[service].restore();
  };

/** Each statement waits for this lock, and keeps its connection: soon all of the pool wait. */
const fillPool =
  (service: ServiceName, table: string): Fault['begin'] =>
  async ({ databaseUrls }) => {
    const session = new pg.Client(databaseUrls[service]);
    await session.connect();
    await session.query('BEGIN');
    await session.query(`LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`);
    return () => session.end();
  };

/** Every fault that is produced. */
export const FAULTS: readonly Fault[] = [
  {
    name: 'the payment service hangs',
    affected: 'pay',
    others: ['page', 'me', 'order'],
    begin: hang('payment'),
  },
  {
    name: 'the product service hangs',
    affected: 'page',
    others: ['me', 'order'],
    begin: hang('product'),
  },
  {
    name: 'the payment database is down',
    affected: 'pay',
    others: ['page', 'me', 'order'],
    begin: breakLink('payment', (link) => link.refuse()),
  },
  {
    name: 'the pool of the product service is full',
    affected: 'page',
    others: ['me', 'order'],
    begin: fillPool('product', 'products'),
  },
  {
    name: 'the disk of the order database is slow',
    affected: 'order',
    others: ['page', 'me'],
    begin: breakLink('order', (link) => link.delay(SLOW_DISK_MS)),
  },
  {
    name: 'packets from the user database are lost',
    affected: 'me',
    others: ['page', 'order'],
    begin: breakLink('user', (link) => link.stall()),
  },
  {
    name: 'connections to the product database are lost',
    affected: 'page',
    others: ['me', 'order'],
    begin: breakLink('product', (link) => link.loseConnections()),
  },
];
