import { createWriteStream } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { CommandFailure, EXIT, listenForInterrupt } from '@cartograph/command';
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
const dumpTable = async (
  client: pg.Client,
  table: Table,
  file: string,
  signal: AbortSignal,
): Promise<number> => {
  signal.throwIfAborted();
  const rows = client.query(copyTo(`COPY ${copiedColumns(table)} TO STDOUT`));
  await pipeline(rows, createGzip(), createWriteStream(file, { mode: 0o600 }), { signal });
  return rows.rowCount;
};

/** Writes all rows of one service that its snapshot shows, and the numbers of its sequences. */
const dumpDatabase = async (
  { service, client }: Snapshot,
  folder: string,
  signal: AbortSignal,
): Promise<DatabaseManifest> => {
  await fs.mkdir(path.join(folder, service), { mode: 0o700 });
  const tables: DatabaseManifest['tables'] = [];
  for (const table of await listTables(client)) {
    const rows = await dumpTable(client, table, fileOf(folder, service, table.name), signal);
    tables.push({ name: table.name, columns: [...table.columns], rows });
  }
  const migrations = [...(await readMigrations(client))];
  return { migrations, tables, sequences: await readSequences(client) };
};

const failToMake = (folder: string, why: string, cause?: unknown): never => {
  throw new CommandFailure(EXIT.usage, `${folder} can't be made: ${why}.`, { cause });
};

const makeFolder = async (folder: string): Promise<void> => {
  try {
    await fs.mkdir(path.dirname(folder), { recursive: true });
    await fs.mkdir(folder, { mode: 0o700 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    failToMake(folder, code === 'EEXIST' ? 'it exists' : String(code), error);
  }
};

/** Makes a folder for what `write` writes. After a failure or an interrupt it is gone again. */
const withNewFolder = async <Result>(
  folder: string,
  write: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> => {
  const { signal, close } = listenForInterrupt();
  try {
    await makeFolder(folder);
    try {
      return await write(signal);
    } catch (error) {
      await fs.rm(folder, { recursive: true, force: true });
      if (!signal.aborted) throw error;
      throw new CommandFailure(EXIT.stopped, 'Interrupted: no backup was made.', { cause: error });
    }
  } finally {
    close();
  }
};

const dumpSnapshots = async (
  { snapshots, at }: HeldSnapshots,
  folder: string,
  interrupt: AbortSignal,
): Promise<Manifest> => {
  const failed = new AbortController();
  const signal = AbortSignal.any([interrupt, failed.signal]);
  const dumping = snapshots.map(async (one) => {
    const dumped = await dumpDatabase(one, folder, signal).catch((error: unknown) => {
      failed.abort(error);
      throw error;
    });
    return [one.service, dumped] as const;
  });
  // The folder can be removed when nothing writes into it any more.
  await Promise.allSettled(dumping);
  if (failed.signal.aborted) throw failed.signal.reason;
  const databases = Object.fromEntries(await Promise.all(dumping));
  const manifest: Manifest = { format: 1, at: at.toISOString(), databases };
  await writeManifest(folder, manifest);
  return manifest;
};

/**
 * Writes a backup of databases that shows one moment, while the shop is in use.
 * @param folder is made; only its owner may read it, since it has personal data and password hashes
 * @throws CommandFailure when the folder exists or the dump was interrupted; nothing is left of it then
 */
export const dumpShop = async (
  databases: readonly ServiceDatabase[],
  folder: string,
): Promise<{ readonly manifest: Manifest } & Pick<HeldSnapshots, 'pausedMs'>> => {
  // Before writers are stopped for nothing.
  if (await fs.lstat(folder).catch(() => null)) failToMake(folder, 'it exists');
  return withSnapshots(databases, async (held) => {
    const manifest = await withNewFolder(folder, (signal) => dumpSnapshots(held, folder, signal));
    return { manifest, pausedMs: held.pausedMs };
  });
};
