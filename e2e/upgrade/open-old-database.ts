import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { makeTestDatabase, type TestDatabase } from '@cartograph/testing';
import { runMigrations } from 'graphile-worker';
import { Client } from 'pg';
import { applyMigrations } from '../../tools/migrate/apply-migrations.ts';
import type { ServiceName } from '../sandbox/service-process.ts';

/** The migrations of 94e3a95 have names before this. */
const FIRST_NEW_MIGRATION = '20261124';

const PRISMA = path.resolve(import.meta.dirname, '..', '..', 'prisma');
const STATE = path.join(import.meta.dirname, 'old-state');

/** The services whose jobs 94e3a95 stored. */
const HAS_JOBS: readonly ServiceName[] = ['order', 'payment'];

/** Copies the migrations that a service had at 94e3a95. @returns the folder, as Prisma's */
const copyOldMigrations = async (service: ServiceName): Promise<string> => {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'cartograph-migrations-'));
  await fs.cp(path.join(PRISMA, service), path.join(folder, service), {
    recursive: true,
    filter: (source) => {
      const name = path.basename(source);
      return !/^\d{14}_/.test(name) || name < FIRST_NEW_MIGRATION;
    },
  });
  return folder;
};

/** Makes the database of a service of 94e3a95, with what its processes left, and migrates it. */
export const openOldDatabase = async (service: ServiceName): Promise<TestDatabase> => {
  const database = await makeTestDatabase();
  const prismaDir = await copyOldMigrations(service);
  await applyMigrations({ service, databaseUrl: database.url, prismaDir });
  await fs.rm(prismaDir, { recursive: true });
  if (HAS_JOBS.includes(service)) await runMigrations({ connectionString: database.url });
  const rows = await fs.readFile(path.join(STATE, `${service}.sql`), 'utf8');
  const client = new Client(database.url);
  await client.connect();
  // Neither triggers nor foreign keys: rows are written as they were, one table after another.
  await client.query(`BEGIN; SET LOCAL session_replication_role = replica; ${rows} COMMIT;`);
  await client.end();
  await applyMigrations({ service, databaseUrl: database.url });
  return database;
};
