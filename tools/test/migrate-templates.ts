import { Client } from 'pg';
import { applyMigrations } from '../migrate/apply-migrations.ts';
import { SERVICES } from '../services.ts';

/**
 * Makes the database that each test file clones, one a service: migrated once, so that a test
 * starts in milliseconds. Their names are `template_<service>`.
 * @param adminUrl the superuser of a Postgres that is thrown away after
 */
export const migrateTemplates = async (adminUrl: string): Promise<void> => {
  const client = new Client(adminUrl);
  await client.connect();
  try {
    for (const service of SERVICES) await client.query(`CREATE DATABASE template_${service}`);
  } finally {
    await client.end();
  }
  await Promise.all(
    SERVICES.map(async (service) => {
      const url = new URL(adminUrl);
      url.pathname = `/template_${service}`;
      await applyMigrations({ service, databaseUrl: url.href });
    }),
  );
};
