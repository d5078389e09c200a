import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { CommandFailure, EXIT } from '@cartograph/command';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { applyMigrations } from '../migrate/apply-migrations.ts';
import type { ServiceDatabase } from '../migrate/database-urls.ts';
import { copiedColumns } from './dump-shop.ts';
import { listTables, readMigrations } from './list-tables.ts';
import { type DatabaseManifest, fileOf, readManifest } from './manifest.ts';

const CONNECT_TIMEOUT_MS = 10_000;

/** @throws CommandFailure when the database has other migrations than the backup, or rows */
const checkTarget = async (
  client: pg.Client,
  service: string,
  { migrations }: DatabaseManifest,
): Promise<void> => {
  if (JSON.stringify(await readMigrations(client)) !== JSON.stringify(migrations)) {
    throw new CommandFailure(
      EXIT.failed,
      `${service}: the backup has other migrations than this version. Restore it with the version ` +
        'that made it, then upgrade.',
    );
  }
  for (const { name } of await listTables(client)) {
    const { rowCount } = await client.query(`SELECT FROM ${pg.escapeIdentifier(name)} LIMIT 1`);
    if (rowCount) {
      throw new CommandFailure(EXIT.failed, `${service}: ${name} is not empty: nothing was done.`);
    }
  }
};

/** Triggers have done their work already: what they wrote is in the backup. */
const setTriggers = async (
  client: pg.Client,
  { tables }: DatabaseManifest,
  verb: 'ENABLE' | 'DISABLE',
): Promise<void> => {
  for (const { name } of tables) {
    await client.query(`ALTER TABLE ${pg.escapeIdentifier(name)} ${verb} TRIGGER USER`);
  }
};

const loadTables = async (
  client: pg.Client,
  { service }: ServiceDatabase,
  { tables }: DatabaseManifest,
  folder: string,
): Promise<void> => {
  for (const table of tables) {
    const rows = client.query(copyFrom(`COPY ${copiedColumns(table)} FROM STDIN`));
    await pipeline(createReadStream(fileOf(folder, service, table.name)), createGunzip(), rows);
    if (rows.rowCount !== table.rows) {
      throw new CommandFailure(
        EXIT.failed,
        `${service}: ${table.name} has ${rows.rowCount} rows, not ${table.rows}: nothing was done.`,
      );
    }
  }
};

/** In one transaction: after a failure the database is as empty as before. */
const load = async (
  client: pg.Client,
  target: ServiceDatabase,
  manifest: DatabaseManifest,
  folder: string,
): Promise<void> => {
  await client.query('BEGIN');
  try {
    await setTriggers(client, manifest, 'DISABLE');
    await loadTables(client, target, manifest, folder);
    for (const [name, last] of Object.entries(manifest.sequences)) {
      await client.query('SELECT setval($1::regclass, $2)', [pg.escapeIdentifier(name), last]);
    }
    await setTriggers(client, manifest, 'ENABLE');
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {});
    throw error;
  }
  await client.query('ANALYZE');
};

/**
 * Restores one service's database from a backup: it is migrated, and must have no rows.
 * @returns how many rows it has then
 * @throws CommandFailure when it is not empty, or of another version
 */
export const restoreDatabase = async (target: ServiceDatabase, folder: string): Promise<number> => {
  const { service, databaseUrl: connectionString } = target;
  const manifest = (await readManifest(folder)).databases[service];
  if (!manifest) throw new CommandFailure(EXIT.usage, `The backup has no database of ${service}.`);
  await applyMigrations(target);
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  client.on('error', () => {});
  await client.connect();
  try {
    await checkTarget(client, service, manifest);
    await load(client, target, manifest, folder);
  } finally {
    await client.end();
  }
  return manifest.tables.reduce((sum, { rows }) => sum + rows, 0);
};
