import { randomUUID } from 'node:crypto';

import pg from 'pg';

/**
 * Runs `use` with the URL of an empty database on the admin's server, and drops it after.
 * The admin's role needs CREATEDB. Prisma's own adapter is not asked for a shadow database: given
 * a connection string it connects to the string's database, and drops before it disconnects.
 */
export async function withShadowDatabase<T>(
  adminUrl: string,
  use: (shadowUrl: string) => Promise<T>,
): Promise<T> {
  const name = `prisma_migrate_shadow_db_${randomUUID()}`;
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  try {
    await admin.query(`CREATE DATABASE "${name}" TEMPLATE template0`);
    try {
      const shadowUrl = new URL(adminUrl);
      shadowUrl.pathname = `/${name}`;
      return await use(shadowUrl.href);
    } finally {
      await admin.query(`DROP DATABASE "${name}" WITH (FORCE)`);
    }
  } finally {
    await admin.end();
  }
}
