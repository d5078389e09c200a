import { createWriteStream } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { CommandFailure, EXIT } from '@cartograph/command';
import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import type { ServiceDatabase } from '../migrate/database-urls.ts';
import { type HeldSnapshots, type Snapshot, withSnapshots } from './hold-snapshots.ts';
import { listTables, readMigrations, readSequences, type Table } from './list-tables.ts';
import { type DatabaseManifest, fileOf, type Manifest, writeManifest } from './manifest.ts';

/** What `COPY` is told of a table: its name and the columns that are copied. */
export const copiedColumns = ({ name, columns }: Table): string =>
  `${pg.escapeIdentifier(name)} (${columns.map((column) => pg.escapeIdentifier(column)).join(', ')})`;

/** Writes the rows of a table. @returns how many there were */
const dumpTable = async (client: pg.Client, table: Table, file: string): Promise<number> => {
  const rows = client.query(copyTo(`COPY ${copiedColumns(table)} TO STDOUT`));
  await pipeline(rows, createGzip(), createWriteStream(file, { mode: 0o600 }));
  return rows.rowCount;
};

/** Writes all rows of one service that its snapshot shows, and the numbers of its sequences. */
const dumpDatabase = async (
  { service, client }: Snapshot,
  folder: string,
): Promise<DatabaseManifest> => {
  await fs.mkdir(path.join(folder, service), { mode: 0o700 });
  const tables: DatabaseManifest['tables'] = [];
  for (const table of await listTables(client)) {
    const rows = await dumpTable(client, table, fileOf(folder, service, table.name));
    tables.push({ name: table.name, columns: [...table.columns], rows });
  }
  const migrations = [...(await readMigrations(client))];
  return { migrations, tables, sequences: await readSequences(client) };
};

const makeFolder = async (folder: string): Promise<void> => {
  try {
    await fs.mkdir(path.dirname(folder), { recursive: true });
    await fs.mkdir(folder, { mode: 0o700 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === 'EEXIST' ? 'it exists' : String(code);
    throw new CommandFailure(EXIT.usage, `${folder} can't be made: ${why}.`, { cause: error });
  }
};

/**
 * Writes a backup of databases that shows one moment, while the shop is in use.
 * @param folder is made; only its owner may read it, since it has personal data and password hashes
 */
export const dumpShop = async (
  databases: readonly ServiceDatabase[],
  folder: string,
): Promise<{ readonly manifest: Manifest } & Pick<HeldSnapshots, 'pausedMs'>> => {
  await makeFolder(folder);
  return withSnapshots(databases, async ({ snapshots, at, pausedMs }) => {
    const dumped = await Promise.all(
      snapshots.map(async (one) => [one.service, await dumpDatabase(one, folder)] as const),
    );
    const manifest: Manifest = {
      format: 1,
      at: at.toISOString(),
      databases: Object.fromEntries(dumped),
    };
    await writeManifest(folder, manifest);
    return { manifest, pausedMs };
  });
};
