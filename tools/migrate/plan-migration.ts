import { randomUUID } from 'node:crypto';
import { CommandFailure, EXIT } from '@cartograph/command';
import pg from 'pg';
import type { ServiceName } from '../services.ts';
import { applyMigrations, messageOf } from './apply-migrations.ts';
import { readPrismaFiles } from './migration-files.ts';

/** Runs `use` with the URL of an empty database on the admin's server, and drops it after. */
const withShadowDatabase = async <T>(
  adminUrl: string,
  use: (shadowUrl: string) => Promise<T>,
): Promise<T> => {
  const name = `prisma_migrate_shadow_db_${randomUUID()}`;
  const admin = new pg.Client(adminUrl);
  await admin.connect();
  try {
    await admin.query(`CREATE DATABASE "${name}" TEMPLATE template0`);
    const shadowUrl = new URL(adminUrl);
    shadowUrl.pathname = `/${name}`;
    return await use(shadowUrl.href);
  } finally {
    await admin.query(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`);
    await admin.end();
  }
};

/**
 * The SQL that leads from a service's migrations to its `schema.prisma`: an empty text when they
 * agree. Applies the migrations to a database of its own, and drops that after.
 * @param target.adminUrl a role that may create databases
 * @throws CommandFailure when the schema is not valid or a migration fails
 */
export const planMigration = async (target: {
  readonly service: ServiceName;
  readonly adminUrl: string;
  readonly prismaDir?: string;
}): Promise<string> => {
  const { service, adminUrl, prismaDir } = target;
  return withShadowDatabase(adminUrl, async (databaseUrl) => {
    await applyMigrations({ service, databaseUrl, prismaDir });
    const { schemaPath, schema } = await readPrismaFiles(service, prismaDir);
    // Loaded when it is needed: it is large.
    const { diffSchema } = await import('./schema-engine.ts');
    try {
      return await diffSchema(databaseUrl, { path: schemaPath, content: schema });
    } catch (error) {
      // The engine adds a trace of its own functions.
      const reason = messageOf(error).replace(/\n +0: [^]*$/, '');
      throw new CommandFailure(EXIT.failed, `${service}: ${reason}`, { cause: error });
    }
  });
};
