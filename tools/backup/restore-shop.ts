import { createReadStream } from 'node:fs';
import { access, constants } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { CommandFailure, EXIT } from '@cartograph/command';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { applyMigrations } from '../migrate/apply-migrations.ts';
import type { ServiceDatabase } from '../migrate/database-urls.ts';
import { connect, orFailure } from './connect.ts';
import { copiedColumns } from './dump-shop.ts';
import { listTables, readMigrations } from './list-tables.ts';
import { type DatabaseManifest, fileOf, readManifest } from './manifest.ts';

/** A database that a backup is restored into, and what the backup has of it. */
type Target = {
  readonly database: ServiceDatabase;
  readonly client: pg.Client;
  readonly manifest: DatabaseManifest;
};

/** @throws CommandFailure when the database has rows */
const checkEmpty = async ({ client, database: { service } }: Target): Promise<void> => {
  for (const { name } of await listTables(client)) {
    const { rowCount } = await client.query(`SELECT FROM ${pg.escapeIdentifier(name)} LIMIT 1`);
    if (rowCount) {
      throw new CommandFailure(EXIT.failed, `${service}: ${name} is not empty: nothing was done.`);
    }
  }
};

/** @throws CommandFailure when a file of the backup is gone */
const checkFiles = async (
  { database: { service }, manifest }: Target,
  folder: string,
): Promise<void> => {
  for (const { name } of manifest.tables) {
    await access(fileOf(folder, service, name), constants.R_OK).catch((cause: unknown) => {
      const message = `${service}: the backup has no file of ${name}: nothing was done.`;
      throw new CommandFailure(EXIT.usage, message, { cause });
    });
  }
};

/** @throws CommandFailure when the database, migrated, has other migrations than the backup */
const migrate = async ({ client, database, manifest }: Target): Promise<void> => {
  await applyMigrations(database);
  if (JSON.stringify(await readMigrations(client)) === JSON.stringify(manifest.migrations)) return;
  throw new CommandFailure(
    EXIT.failed,
    `${database.service}: the backup has other migrations than this version. Restore it with the ` +
      'version that made it, then upgrade.',
  );
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
  { client, database: { service }, manifest }: Target,
  folder: string,
): Promise<void> => {
  for (const table of manifest.tables) {
    const rows = client.query(copyFrom(`COPY ${copiedColumns(table)} FROM STDIN`));
    await pipeline(createReadStream(fileOf(folder, service, table.name)), createGunzip(), rows);
    if (rows.rowCount !== table.rows) {
      throw new CommandFailure(
        EXIT.failed,
        `${table.name} has ${rows.rowCount} rows in the backup, not ${table.rows}.`,
      );
    }
  }
};

/** In one transaction: after a failure the database is as empty as before. */
const load = async (target: Target, folder: string): Promise<void> => {
  const { client, manifest } = target;
  await client.query('BEGIN');
  try {
    await setTriggers(client, manifest, 'DISABLE');
    await loadTables(target, folder);
    for (const [name, last] of Object.entries(manifest.sequences)) {
      await client.query('SELECT setval($1::regclass, $2)', [pg.escapeIdentifier(name), last]);
    }
    await setTriggers(client, manifest, 'ENABLE');
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {});
    throw error;
  }
};

/** Loads one target after another. */
const loadAll = async (
  targets: readonly Target[],
  folder: string,
  onRestored: (service: string, rows: number) => void,
): Promise<void> => {
  const restored: string[] = [];
  for (const target of targets) {
    const { service } = target.database;
    await orFailure(
      () => load(target, folder),
      (reason) => {
        const sentence = `${service}: ${reason.replace(/\.$/, '')}.`;
        if (restored.length === 0) return `${sentence} Nothing was restored.`;
        const before = `Restored before: ${restored.join(', ')}.`;
        return `${sentence} ${before} Make empty databases before you run it again.`;
      },
    );
    restored.push(service);
    // Without it the first queries are slow until autovacuum does it: nothing is lost.
    await target.client.query('ANALYZE').catch(() => {});
    onRestored(
      service,
      target.manifest.tables.reduce((sum, { rows }) => sum + rows, 0),
    );
  }
};

/**
 * Restores databases from a backup: they must have no rows, and are migrated. All of them are checked
 * before the first one is changed, and migrated before the first one is loaded.
 * @param onRestored gets a service, when it is restored, and how many rows it has
 * @throws CommandFailure when one can't be reached, is not empty, or the backup is of another version
 */
export const restoreShop = async (
  databases: readonly ServiceDatabase[],
  folder: string,
  onRestored: (service: string, rows: number) => void,
): Promise<void> => {
  const { databases: dumped } = await readManifest(folder);
  const targets: Target[] = [];
  try {
    for (const database of databases) {
      const { service } = database;
      const manifest = dumped[service];
      if (!manifest) {
        throw new CommandFailure(EXIT.usage, `The backup has no database of ${service}.`);
      }
      targets.push({ database, manifest, client: await connect(database) });
    }
    for (const target of targets) {
      await checkEmpty(target);
      await checkFiles(target, folder);
    }
    for (const target of targets) await migrate(target);
    await loadAll(targets, folder, onRestored);
  } finally {
    await Promise.all(targets.map(({ client }) => client.end().catch(() => {})));
  }
};

/**
 * Restores one service's database from a backup, as `restoreShop` does.
 * @returns how many rows it has then
 */
export const restoreDatabase = async (target: ServiceDatabase, folder: string): Promise<number> => {
  let restored = 0;
  await restoreShop([target], folder, (_service, rows) => {
    restored = rows;
  });
  return restored;
};
