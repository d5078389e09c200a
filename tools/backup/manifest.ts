import fs from 'node:fs/promises';
import path from 'node:path';
import { CommandFailure, EXIT } from '@cartograph/command';
import { z } from 'zod';
import { SERVICES, type ServiceName } from '../services.ts';

const FILE = 'backup.json';

const databaseShape = z.object({
  migrations: z.array(z.string()),
  tables: z.array(
    z.object({ name: z.string(), columns: z.array(z.string()), rows: z.number().int() }),
  ),
  sequences: z.record(z.string(), z.string().regex(/^-?\d{1,19}$/)),
});

const manifestShape = z.object({
  format: z.literal(1),
  /** The moment that the backup shows. */
  at: z.iso.datetime(),
  databases: z.partialRecord(z.enum(SERVICES), databaseShape),
});

/** What a backup has of one database. */
export type DatabaseManifest = z.infer<typeof databaseShape>;

/** What a backup has, written when all of it is there. */
export type Manifest = z.infer<typeof manifestShape>;

/** The file with the rows of a table: what `COPY TO` writes, compressed. */
export const fileOf = (folder: string, service: ServiceName, table: string): string =>
  path.join(folder, service, `${table}.copy.gz`);

export const writeManifest = (folder: string, manifest: Manifest): Promise<void> =>
  fs.writeFile(path.join(folder, FILE), `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600 });

/** @throws CommandFailure when there is no whole backup in the folder */
export const readManifest = async (folder: string): Promise<Manifest> => {
  try {
    return manifestShape.parse(JSON.parse(await fs.readFile(path.join(folder, FILE), 'utf8')));
  } catch (error) {
    throw new CommandFailure(EXIT.usage, `There is no whole backup in ${folder}.`, {
      cause: error,
    });
  }
};
