import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { eventually } from '@cartograph/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import pg from 'pg';

import { applyMigrations } from './apply-migrations.ts';
import { planMigration } from './plan-migration.ts';

const adminUrl = process.env['TEST_POSTGRES_URL'] ?? '';
const service = 'order';
const FIRST = '20260101000000_first';
const SECOND = '20260102000000_second';
const BROKEN = '20260103000000_broken';

describe('migrations', () => {
  let prismaDir: string;
  let database: string;
  let databaseUrl: string;

  beforeEach(async () => {
    prismaDir = await mkdtemp(join(tmpdir(), 'migrate-'));
    await writeSchema('id Int @id\n  note String');
    await write(FIRST, 'CREATE TABLE "Note" ("id" INTEGER NOT NULL PRIMARY KEY);');
    await write(SECOND, `ALTER TABLE "Note" ADD COLUMN "note" TEXT NOT NULL;`);
    database = `migrate_${randomUUID()}`;
    await query(adminUrl, `CREATE DATABASE "${database}"`);
    const url = new URL(adminUrl);
    url.pathname = `/${database}`;
    databaseUrl = url.href;
  });

  afterEach(async () => {
    await query(adminUrl, `DROP DATABASE "${database}" WITH (FORCE)`);
    await rm(prismaDir, { recursive: true });
  });

  it('applies what is pending, once', async () => {
    expect(await apply()).toEqual([FIRST, SECOND]);
    expect(await apply()).toEqual([]);
  });

  it('applies each migration once when two deploy at the same time', async () => {
    const applied = await Promise.all([apply(), apply()]);
    expect(applied.flat()).toEqual([FIRST, SECOND]);
  });

  it('plans nothing until the schema changes, and then the difference', async () => {
    expect(await plan()).toBe('');
    await writeSchema('id Int @id\n  note String\n  stars Int?');
    expect(await plan()).toContain('ALTER TABLE "Note" ADD COLUMN     "stars" INTEGER');
  });

  it('reads constraints and foreign keys without finding a difference', async () => {
    await write(
      '20260103000000_reply',
      `ALTER TABLE "Note" ADD COLUMN "replyTo" INTEGER, ADD CHECK ("id" > 0),
         ADD CONSTRAINT "Note_replyTo_fkey" FOREIGN KEY ("replyTo") REFERENCES "Note"("id")
         ON DELETE SET NULL ON UPDATE CASCADE;`,
    );
    await writeSchema(`id Int @id
  note String
  replyTo Int?
  parent Note? @relation("reply", fields: [replyTo], references: [id])
  replies Note[] @relation("reply")`);
    expect(await plan()).toBe('');
  });

  it('drops its shadow database, also when a migration does not replay', async () => {
    const shadows = `SELECT datname FROM pg_database WHERE datname LIKE 'prisma_migrate_shadow%'`;
    const before = await query(adminUrl, shadows);
    await write(BROKEN, 'CREATE TABLE "Other" ("id" INTT);');
    await expect(plan()).rejects.toThrow(`${BROKEN} failed: type "intt" does not exist (line 1`);
    expect(await query(adminUrl, shadows)).toEqual(before);
  });

  it('names a broken migration, rolls it back and applies no later one', async () => {
    await write(BROKEN, 'CREATE TABLE "Other" ("id" INTEGER);\nALTER TABLE "Gone" ADD "x" TEXT;');
    await write('20260104000000_later', 'CREATE TABLE "Later" ("id" INTEGER);');
    const failure = `${BROKEN} failed: relation "Gone" does not exist`;
    await expect(apply()).rejects.toThrow(`order: migration ${failure}`);
    await expect(apply()).rejects.toThrow(failure);
    const tables = `SELECT relname FROM pg_class WHERE relname IN ('Note', 'Other', 'Later')`;
    expect(await query(databaseUrl, tables)).toEqual([{ relname: 'Note' }]);
  });

  it('applies a broken migration once it is mended', async () => {
    await write(BROKEN, 'CREATE TABLE "Other" ("id" INTT);');
    await expect(apply()).rejects.toThrow(BROKEN);
    await write(BROKEN, 'CREATE TABLE "Other" ("id" INT);');
    expect(await apply()).toEqual([BROKEN]);
  });

  it('does not run past a migration that Prisma left unfinished, and says what to do', async () => {
    await apply();
    await query(
      databaseUrl,
      `UPDATE _prisma_migrations SET finished_at = NULL, logs = 'no space'
       WHERE migration_name = '${SECOND}'`,
    );
    const failure = `order: migration ${SECOND} failed: no space\nOnce its cause is gone`;
    await expect(apply()).rejects.toThrow(failure);
  });

  it('builds an index without blocking writes, which no transaction can', async () => {
    const name = '20260103000000_index';
    await write(name, 'CREATE INDEX CONCURRENTLY "Note_note_idx" ON "Note" ("note");');
    expect(await apply()).toEqual([FIRST, SECOND, name]);
  });

  it('builds an index again that an interrupted migration left behind', async () => {
    await apply();
    await query(databaseUrl, 'CREATE INDEX "Note_note_idx" ON "Note" ("note")');
    await write(
      '20260103000000_index',
      `-- It may have been left behind.
       DROP INDEX CONCURRENTLY IF EXISTS "Note_note_idx";
       CREATE INDEX CONCURRENTLY "Note_note_idx" ON "Note" ("note");`,
    );
    expect(await apply()).toEqual(['20260103000000_index']);
  });

  it('names the line of a statement that is not the first', async () => {
    await write('20260103000000_index', 'SELECT 1; -- CONCURRENTLY\nSELECT\n  nothing;\n');
    await expect(apply()).rejects.toThrow(
      'column "nothing" does not exist (line 3 of migration.sql)',
    );
  });

  it('builds an index while another process waits for its turn', async () => {
    await apply();
    // The build waits for this transaction, and a second process comes meanwhile.
    const reader = new pg.Client({ connectionString: databaseUrl });
    await reader.connect();
    await reader.query('BEGIN; LOCK TABLE "Note" IN ROW EXCLUSIVE MODE');
    await write(
      '20260103000000_index',
      'CREATE INDEX CONCURRENTLY "Note_note_idx" ON "Note" ("note");',
    );
    const first = apply();
    await eventually(() => expectOne("query LIKE 'CREATE INDEX%' AND wait_event_type = 'Lock'"));
    const second = apply();
    await eventually(() => expectOne("query LIKE '%advisory_lock%'"));
    await reader.query('COMMIT');
    await reader.end();
    expect(await Promise.all([first, second])).toEqual([['20260103000000_index'], []]);
  });

  it('runs a script with semicolons inside strings and function bodies', async () => {
    await write(
      '20260103000000_function',
      `CREATE FUNCTION greet() RETURNS text LANGUAGE plpgsql AS $$
       BEGIN RETURN 'a;b'; END $$;`,
    );
    await apply();
    expect(await query(databaseUrl, 'SELECT greet()')).toEqual([{ greet: 'a;b' }]);
  });

  it('refuses a migration that was edited after it was applied', async () => {
    await apply();
    await write(FIRST, 'SELECT 1;');
    await expect(apply()).rejects.toThrow(`order: edited after it was applied: ${FIRST}`);
  });

  /** Expects one other connection that satisfies a condition. */
  const expectOne = async (condition: string): Promise<void> => {
    const others = `SELECT pid FROM pg_stat_activity
      WHERE datname = current_database() AND pid <> pg_backend_pid() AND ${condition}`;
    expect(await query(databaseUrl, others)).toHaveLength(1);
  };

  const apply = () => applyMigrations({ service, databaseUrl, prismaDir });

  const plan = () => planMigration({ service, adminUrl, prismaDir });

  async function writeSchema(fields: string): Promise<void> {
    await mkdir(join(prismaDir, service), { recursive: true });
    await writeFile(
      join(prismaDir, service, 'schema.prisma'),
      `datasource db {\n  provider = "postgresql"\n}\n\nmodel Note {\n  ${fields}\n}\n`,
    );
  }

  async function write(name: string, sql: string): Promise<void> {
    const directory = join(prismaDir, service, 'migrations', name);
    await mkdir(directory, { recursive: true });
    await writeFile(join(directory, 'migration.sql'), sql);
  }
});

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}
