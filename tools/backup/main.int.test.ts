import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeTestDatabase, type TestDatabase } from '@cartograph/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SERVICES, type ServiceName } from '../services.ts';
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

describe('npm run backup -- restore', () => {
  it('restores nothing when one database has rows, or a file is broken', async () => {
    const place = path.join(folder, 'whole');
    await databaseOf(source, 'product').query(
      `INSERT INTO categories (name, product_count) VALUES ('lamps', 0)`,
    );
    expect((await run(source, 'dump', place).ended).exitCode).toBe(0);

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
