import type { SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import type {
  MigrationList,
  SchemaEngine,
  SchemaFilter,
} from '@prisma/schema-engine-wasm/schema_engine_bg';

import { connectForMigrations } from './migration-connection.ts';
import type { MigrationConnection } from './migration-connection.ts';
import { describeEngineFailure, messageOf, MigrationError } from './migration-error.ts';
import { LOCKFILE_CONTENT, readPrismaFiles } from './migration-files.ts';
import type { PrismaFiles } from './migration-files.ts';
import { compareHistory, readHistory } from './migration-history.ts';
import type { MigrationStatus } from './migration-history.ts';
import type { ServiceName } from '../services.ts';
import { withShadowDatabase } from './shadow-database.ts';

/** A service's database; `prismaDir` is the repository's `prisma/` unless given. */
export interface DatabaseTarget {
  readonly service: ServiceName;
  readonly databaseUrl: string;
  readonly prismaDir?: string;
}

/** A service's files, and a server on which its role may create databases. */
export interface PlanTarget {
  readonly service: ServiceName;
  readonly adminUrl: string;
  readonly prismaDir?: string;
}

/** The exit code of a comparison that found differences; without any the script is a comment. */
const DIFFERENT = 2;
const NO_FILTERS: SchemaFilter = { externalTables: [], externalEnums: [] };

/**
 * Compares a service's migrations directory with the history in its database, without the engine.
 * Throws a MigrationError when files or database can't be read.
 */
export async function diagnoseMigrations(target: DatabaseTarget): Promise<MigrationStatus> {
  return await diagnose(target, await readFiles(target));
}

/**
 * Applies a service's pending migrations, in order, and returns the names of those applied.
 * With nothing pending it costs one connection and never loads the engine. Callers at the same
 * time wait for each other. A failed migration is rolled back and keeps later ones from running.
 * Throws a MigrationError that names the migration and gives the database's message; also when an
 * applied `migration.sql` was edited since, which plain `prisma migrate deploy` lets pass.
 */
export async function applyMigrations(target: DatabaseTarget): Promise<string[]> {
  const { service, databaseUrl } = target;
  const files = await readFiles(target);
  const status = await diagnose(target, files);
  if (status.edited.length > 0) {
    const names = status.edited.join(', ');
    throw new MigrationError(service, `edited after it was applied: ${names}`);
  }
  if (status.pending.length === 0 && status.unfinished.length === 0) {
    return [];
  }
  const connection = await connectForMigrations(databaseUrl);
  try {
    await connection.lock();
    const connect = () => Promise.resolve(connection.adapter);
    const { appliedMigrationNames } = await withEngine(connect, connect, files, (engine) =>
      engine.applyMigrations({ migrationsList: toMigrationList(files), filters: NO_FILTERS }),
    );
    return appliedMigrationNames;
  } catch (error) {
    const earlier = await earlierFailure(databaseUrl, messageOf(error));
    throw new MigrationError(service, describeEngineFailure(error) + earlier, { cause: error });
  } finally {
    await connection.close();
  }
}

/**
 * The SQL that leads from a service's migrations directory to its `schema.prisma`: the empty
 * string when they agree. Replays the migrations in a shadow database, dropped at the end, and
 * leaves the service's own database alone.
 * Throws a MigrationError when the schema is invalid or a migration does not replay.
 */
export async function planMigration(target: PlanTarget): Promise<string> {
  const files = await readFiles(target);
  const connections: MigrationConnection[] = [];
  const connectTo = (url: string) => async () => {
    const connection = await connectForMigrations(url);
    connections.push(connection);
    return connection.adapter;
  };
  try {
    return await withShadowDatabase(target.adminUrl, async (shadowUrl) => {
      try {
        const to = [{ path: files.schemaPath, content: files.schema }];
        const { exitCode, stdout } = await withEngine(
          connectTo(target.adminUrl),
          connectTo(shadowUrl),
          files,
          // Not createMigration, which on Postgres this build refuses whatever it is given.
          (engine) =>
            engine.diff({
              from: { tag: 'migrations', ...toMigrationList(files) },
              to: { tag: 'schemaDatamodel', files: to },
              script: true,
              exitCode: true,
              filters: NO_FILTERS,
            }),
        );
        return exitCode === DIFFERENT ? (stdout ?? '') : '';
      } finally {
        await Promise.all(connections.map((connection) => connection.close()));
      }
    });
  } catch (error) {
    throw new MigrationError(target.service, describeEngineFailure(error), { cause: error });
  }
}

type Connect = SqlMigrationAwareDriverAdapterFactory['connect'];

async function withEngine<T>(
  connect: Connect,
  connectToShadowDb: Connect,
  files: PrismaFiles,
  use: (engine: SchemaEngine) => Promise<T>,
): Promise<T> {
  // Loaded when it is needed: most deployments have nothing pending.
  const { startSchemaEngine } = await import('./wasm-engine.ts');
  const engine = await startSchemaEngine(
    { provider: 'postgres', adapterName: '@prisma/adapter-pg', connect, connectToShadowDb },
    { path: files.schemaPath, content: files.schema },
  );
  try {
    return await use(engine);
  } finally {
    engine.free();
  }
}

function toMigrationList(files: PrismaFiles): MigrationList {
  return {
    baseDir: files.migrationsDir,
    lockfile: { path: 'migration_lock.toml', content: files.lockfile ?? LOCKFILE_CONTENT },
    shadowDbInitScript: '',
    migrationDirectories: files.migrations.map(({ name, sql }) => ({
      path: name,
      migrationFile: { path: 'migration.sql', content: { tag: 'ok', value: sql } },
    })),
  };
}

async function readFiles(target: Omit<DatabaseTarget, 'databaseUrl'>): Promise<PrismaFiles> {
  try {
    return await readPrismaFiles(target.service, target.prismaDir);
  } catch (error) {
    throw new MigrationError(target.service, messageOf(error), { cause: error });
  }
}

async function diagnose(target: DatabaseTarget, files: PrismaFiles): Promise<MigrationStatus> {
  try {
    return compareHistory(files.migrations, await readHistory(target.databaseUrl));
  } catch (error) {
    throw new MigrationError(target.service, messageOf(error), { cause: error });
  }
}

/**
 * The engine refuses to go past an earlier failure without saying what it was, and points to a
 * command for which Prisma downloads a binary; the table knows the one and stands for the other.
 */
async function earlierFailure(databaseUrl: string, refusal: string): Promise<string> {
  const history = await readHistory(databaseUrl).catch(() => []);
  return history
    .filter(({ name, finished }) => !finished && refusal.includes(`\`${name}\` migration started`))
    .map(({ name, logs }) => [
      logs === null ? `migration ${name} was interrupted` : describeEngineFailure(logs),
      'Once its cause is gone, this lets it run again, as `prisma migrate resolve` would:',
      `UPDATE _prisma_migrations SET rolled_back_at = now()` +
        ` WHERE migration_name = '${name}' AND finished_at IS NULL;`,
    ])
    .flat()
    .map((line) => `\n${line}`)
    .join('');
}
