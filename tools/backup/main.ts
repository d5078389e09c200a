/**
 * `npm run backup -- dump | restore | check | repair | snapshot`: the databases of the shop
 * (docs/operations/backup.md).
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import {
  CommandFailure,
  EXIT,
  makeProgram,
  readShopEnvironment,
  runProgram,
  wholeNumber,
} from '@cartograph/command';
import type pg from 'pg';
import { readDatabaseUrls, type ServiceDatabase } from '../migrate/database-urls.ts';
import { SERVICES, variableOf } from '../services.ts';
import { connect, orFailure } from './connect.ts';
import { dumpShop } from './dump-shop.ts';
import { findDifferences } from './find-differences.ts';
import { withSnapshots } from './hold-snapshots.ts';
import type { Difference } from './judge-order.ts';
import type { Clients } from './records.ts';
import { repairDifferences } from './repair-differences.ts';
import { restoreShop } from './restore-shop.ts';

/** As many differences as are printed. */
const MAX_LISTED = 1_000;

/** The databases of the environment, or else of the shop that `npm start` runs on this machine. */
const readDatabases = (): readonly ServiceDatabase[] =>
  readDatabaseUrls(SERVICES, readShopEnvironment('ORDER_DATABASE_URL', process.env));

const dump = async (folder: string): Promise<void> => {
  const { manifest, pausedMs } = await dumpShop(readDatabases(), path.resolve(folder));
  for (const [service, { tables }] of Object.entries(manifest.databases)) {
    const rows = tables.reduce((sum, table) => sum + table.rows, 0);
    console.log(`${service}: ${rows} rows of ${tables.length} tables`);
  }
  console.log(`The backup is of ${manifest.at}; writers waited ${pausedMs.toFixed(0)} ms.`);
};

const restore = (folder: string): Promise<void> =>
  restoreShop(readDatabases(), path.resolve(folder), (service, rows) =>
    console.log(`${service}: ${rows} rows restored`),
  );

const withClients = async (use: (clients: Clients) => Promise<void>): Promise<void> => {
  const databases = readDatabases();
  const opened: pg.Client[] = [];
  const open = async (service: keyof Clients): Promise<pg.Client> => {
    const client = await connect(
      databases.find((database) => database.service === service) as ServiceDatabase,
    );
    opened.push(client);
    return client;
  };
  try {
    const [order, payment, product] = [
      await open('order'),
      await open('payment'),
      await open('product'),
    ];
    await use({ order, payment, product });
  } finally {
    await Promise.all(opened.map((client) => client.end().catch(() => {})));
  }
};

const print = (differences: readonly Difference[]): void => {
  for (const { kind, orderId } of differences.slice(0, MAX_LISTED)) {
    console.log(`${kind}: order ${orderId}`);
  }
};

type Grace = { readonly grace: number };

const check = ({ grace }: Grace): Promise<void> =>
  withClients(async (clients) => {
    const { orders, differences } = await findDifferences(clients, grace);
    print(differences);
    console.log(`${orders} orders compared, ${differences.length} differences`);
    if (differences.length > 0) process.exitCode = EXIT.failed;
  });

const repair = ({ grace }: Grace): Promise<void> =>
  withClients(async (clients) => {
    const { differences } = await findDifferences(clients, grace);
    const { planned, left } = await repairDifferences(clients, differences);
    console.log(`${planned.length} differences: the services complete them when they run`);
    print(left);
    console.log(`${left.length} differences need a decision`);
    if (left.length > 0) process.exitCode = EXIT.failed;
  });

/** Runs a command for as long as the snapshots are held. */
const snapshot = (words: readonly string[]): Promise<void> => {
  const databases = readDatabases();
  return withSnapshots(databases, async ({ snapshots, at }) => {
    const [command = '', ...args] = words;
    console.log(`The snapshots are of ${at.toISOString()}.`);
    const env = { ...process.env };
    for (const one of databases) env[variableOf(one.service, 'DATABASE_URL')] = one.databaseUrl;
    for (const { service, name } of snapshots) env[`${service.toUpperCase()}_SNAPSHOT`] = name;
    const child = spawn(command, args, { stdio: 'inherit', env });
    const [code] = (await once(child, 'exit').catch((cause: unknown) => {
      throw new CommandFailure(EXIT.usage, `${command} can't be started.`, { cause });
    })) as [number | null];
    process.exitCode = code ?? EXIT.failed;
  });
};

/** A database that is lost or a full disk is no bug: it is reported without a stack trace. */
const reporting =
  <Words extends unknown[]>(action: (...words: Words) => Promise<void>) =>
  (...words: Words): Promise<void> =>
    orFailure(() => action(...words));

const program = makeProgram('npm run backup --', 'Backs up and restores the databases.');
program
  .command('dump')
  .description('writes a backup of all databases at one moment, while the shop is in use')
  .argument('<folder>', 'is made, and must not exist')
  .action(reporting(dump));
program
  .command('restore')
  .description('restores a backup into empty databases; the services must be stopped')
  .argument('<folder>', 'as dump wrote it')
  .action(reporting(restore));

const seconds = wholeNumber(0, 86_400);
program
  .command('check')
  .description('compares what the services record of orders, money and stock')
  .option('--grace <n>', 'seconds: leaves out what has changed within them', seconds, 60)
  .action(reporting(check));
program
  .command('repair')
  .description('lets the services complete orders that differ after a restore')
  .option('--grace <n>', 'seconds: leaves out what has changed within them', seconds, 60)
  .action(reporting(repair));
program
  .command('snapshot')
  .description('runs a command with <SERVICE>_SNAPSHOT: the databases at one moment, for pg_dump')
  .argument('<command...>', 'and its arguments')
  .action(reporting(snapshot));

process.exitCode = await runProgram(program, process.argv.slice(2));
