import { existsSync } from 'node:fs';
import { cp, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeTestDatabase, type TestDatabase } from '@cartograph/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SERVICES, type ServiceName } from '../services.ts';
import { type Manifest, readManifest, writeManifest } from './manifest.ts';
import { restoreShop } from './restore-shop.ts';
import { startBackup } from './test/run-backup.ts';

let folder: string;
let source: Map<ServiceName, TestDatabase>;
let target: Map<ServiceName, TestDatabase>;

const openDatabases = async () => {
  const made = SERVICES.map(async (service) => [service, await makeTestDatabase(service)] as const);
  return new Map(await Promise.all(made));
};

const databaseOf = (databases: Map<ServiceName, TestDatabase>, service: ServiceName) =>
  databases.get(service) as TestDatabase;

const run = (databases: Map<ServiceName, TestDatabase>, ...words: string[]) =>
  startBackup((service) => databaseOf(databases, service).url, ...words);

/** Gives a database a row, or a large table, which takes a while to be written. */
const fill = (database: TestDatabase, rows = 1) =>
  database.query(
    `CREATE TABLE filled AS SELECT repeat(md5(n::text), 40) AS text FROM generate_series(1, ${rows}) AS n`,
  );

const clear = (database: TestDatabase) => database.query('DROP TABLE filled');

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'backup-'));
  [source, target] = await Promise.all([openDatabases(), openDatabases()]);
});

afterAll(async () => {
  const databases = [...source.values(), ...target.values()];
  await Promise.all(databases.map((database) => database.drop()));
  await rm(folder, { recursive: true });
});

describe('npm run backup -- dump', () => {
  it('removes what it wrote when it is interrupted', async () => {
    await fill(databaseOf(source, 'user'), 80_000);
    const place = path.join(folder, 'interrupted');
    const { child, ended } = run(source, 'dump', place);
    while (!existsSync(place) && child.exitCode === null) await sleep(2);
    child.kill('SIGINT');
    const { exitCode, err } = await ended;
    expect({ exitCode, err }).toEqual({ exitCode: 3, err: 'Interrupted: no backup was made.\n' });
    expect(await readdir(folder)).toEqual([]);
    await clear(databaseOf(source, 'user'));
  });

  it('removes what it wrote when it fails', async () => {
    // Its file would be in a folder that does not exist.
    await databaseOf(source, 'user').query(`CREATE TABLE "a/b" (n int)`);
    const { exitCode, err } = await run(source, 'dump', path.join(folder, 'failed')).ended;
    expect({ exitCode, err }).toEqual({
      exitCode: 3,
      err: expect.stringMatching(/^ENOENT: .*\n$/),
    });
    expect(await readdir(folder)).toEqual([]);
    await databaseOf(source, 'user').query(`DROP TABLE "a/b"`);
  });

  it('leaves a folder that was there as it was', async () => {
    const { exitCode, err } = await run(source, 'dump', folder).ended;
    expect({ exitCode, err }).toEqual({
      exitCode: 2,
      err: `${folder} can't be made: it exists.\n`,
    });
  });
});

describe('a backup', () => {
  let place: string;

  beforeAll(async () => {
    place = path.join(folder, 'whole');
    await databaseOf(source, 'user').query(
      `INSERT INTO users (id, email, password_hash, created_at, updated_at)
       VALUES (gen_random_uuid(), 'someone@example.com', 'x', now(), now())`,
    );
    await databaseOf(source, 'product').query(
      `INSERT INTO categories (name, product_count) VALUES ('lamps', 0)`,
    );
    expect((await run(source, 'dump', place).ended).exitCode).toBe(0);
  });

  it('is readable by its owner only', async () => {
    const names = ['.', ...(await readdir(place, { recursive: true }))];
    expect(names).toEqual(
      expect.arrayContaining(['.', 'backup.json', 'product', 'product/categories.copy.gz']),
    );
    const modes = await Promise.all(
      names.map(async (name) => {
        const entry = await stat(path.join(place, name));
        return [name, entry.mode & 0o777, entry.isDirectory() ? 0o700 : 0o600] as const;
      }),
    );
    expect(modes.filter(([, mode, expected]) => mode !== expected)).toEqual([]);
  });

  const countRows = async () => {
    const count = async (service: ServiceName, table: string) =>
      (await databaseOf(target, service).query(`SELECT FROM ${table}`)).length;
    return [await count('user', 'users'), await count('product', 'categories')];
  };

  const EDITED: readonly (readonly [what: string, err: string, edit: (made: Manifest) => void])[] =
    [
      [
        'other migrations',
        'payment: the backup has other migrations than this version. Restore it with the version ' +
          'that made it, then upgrade.\n',
        ({ databases }) => databases.payment?.migrations.pop(),
      ],
      [
        'another number of rows',
        'user: users has 1 rows in the backup, not 2. Nothing was restored.\n',
        ({ databases }) => {
          for (const table of databases.user?.tables ?? [])
            if (table.name === 'users') table.rows += 1;
        },
      ],
    ];

  it.each(EDITED)('that names %s is not restored', async (what, err, edit) => {
    const copy = path.join(folder, what);
    await cp(place, copy, { recursive: true });
    const manifest = await readManifest(copy);
    edit(manifest);
    await writeManifest(copy, manifest);
    expect(await run(target, 'restore', copy).ended).toEqual({ exitCode: 1, out: '', err });
    expect(await countRows()).toEqual([0, 0]);
  });

  it('is restored with all triggers enabled', async () => {
    const databases = await openDatabases();
    const addresses = [...databases].map(([service, { url }]) => ({ service, databaseUrl: url }));
    await restoreShop(addresses, place, () => {});
    const triggers = await Promise.all(
      [...databases.values()].map((database) =>
        database.query<{ name: string; state: string }>(
          `SELECT tgname AS name, tgenabled AS state FROM pg_trigger WHERE NOT tgisinternal`,
        ),
      ),
    );
    expect(triggers.flat().map(({ name }) => name)).toContain('stock_movements_append_only');
    expect(triggers.flat().filter(({ state }) => state !== 'O')).toEqual([]);
    await expect(
      databaseOf(databases, 'product').query('DELETE FROM stock_movements'),
    ).rejects.toThrow('append-only');
    await Promise.all([...databases.values()].map((database) => database.drop()));
  });

  it('is not restored when one database has rows, nor beyond a file that is broken', async () => {
    await fill(databaseOf(target, 'payment'));
    const occupied = await run(target, 'restore', place).ended;
    expect(occupied).toEqual({
      exitCode: 1,
      out: '',
      err: 'payment: filled is not empty: nothing was done.\n',
    });
    await clear(databaseOf(target, 'payment'));

    const file = path.join(place, 'product', 'categories.copy.gz');
    await writeFile(file, 'no gzip');
    const broken = await run(target, 'restore', place).ended;
    expect(broken).toEqual({
      exitCode: 3,
      out: expect.stringMatching(/^user: \d+ rows restored\n$/),
      err:
        'product: incorrect header check. Restored before: user. ' +
        'Make empty databases before you run it again.\n',
    });
  });
});
