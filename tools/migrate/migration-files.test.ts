import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { migrationDirectoryName, readPrismaFiles, writeMigration } from './migration-files.ts';

describe('migration files', () => {
  let prismaDir: string;

  beforeEach(async () => {
    prismaDir = await mkdtemp(join(tmpdir(), 'migration-files-'));
    await mkdir(join(prismaDir, 'order'));
    await writeFile(join(prismaDir, 'order', 'schema.prisma'), '// empty\n');
  });

  afterEach(() => rm(prismaDir, { recursive: true }));

  it('names a directory by the time in UTC', () => {
    const at = new Date('2026-03-04T23:05:06.789-02:00');
    expect(migrationDirectoryName('add_email', at)).toBe('20260305010506_add_email');
  });

  it('names a directory by the second after the newest one, when that is in the future', () => {
    const at = new Date('2026-03-04T23:05:06Z');
    const name = (newest: string) => migrationDirectoryName('b', at, newest);
    expect(name('20261231235959_a')).toBe('20270101000000_b');
    expect(name('20260304230506_a')).toBe('20260304230507_b');
    expect(name('20260304230505_a')).toBe('20260304230506_b');
    expect(name('init')).toBe('20260304230506_b');
  });

  it('writes what it reads again, with a lockfile', async () => {
    await writeMigration(
      await readPrismaFiles('order', prismaDir),
      '20260101000000_a',
      'SELECT 1;',
    );
    const files = await readPrismaFiles('order', prismaDir);
    await writeMigration(files, '20260102000000_b', 'SELECT 2;');
    expect((await readPrismaFiles('order', prismaDir)).migrations).toEqual([
      { name: '20260101000000_a', sql: 'SELECT 1;' },
      { name: '20260102000000_b', sql: 'SELECT 2;' },
    ]);
    const lockfile = join(files.migrationsDir, 'migration_lock.toml');
    expect(await readFile(lockfile, 'utf8')).toContain('provider = "postgresql"');
  });

  it('leaves a lockfile that is there alone', async () => {
    const dir = join(prismaDir, 'order', 'migrations');
    await mkdir(dir);
    await writeFile(join(dir, 'migration_lock.toml'), '# mine\n');
    await writeMigration(
      await readPrismaFiles('order', prismaDir),
      '20260101000000_a',
      'SELECT 1;',
    );
    expect(await readFile(join(dir, 'migration_lock.toml'), 'utf8')).toBe('# mine\n');
  });

  it('refuses a migration that would be applied before one that exists', async () => {
    await writeMigration(
      await readPrismaFiles('order', prismaDir),
      '20260102000000_b',
      'SELECT 2;',
    );
    const files = await readPrismaFiles('order', prismaDir);
    await expect(writeMigration(files, '20260101000000_a', 'SELECT 1;')).rejects.toMatchObject({
      name: 'CommandFailure',
      exitCode: 1,
      message: expect.stringContaining('would not come after 20260102000000_b'),
    });
  });
});
