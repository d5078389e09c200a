import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { ensureDatabases } from './databases.ts';
import { freePort } from './free-port.ts';
import { findLeftover, removePostgresData } from './leftover.ts';
import { dataDirsOf, runtimeDirOf } from './placement.ts';
import { startPostgres } from './server.ts';

const query = async (url: string, text: string) => {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  try {
    await client.connect();
    return (await client.query(text)).rows;
  } finally {
    await client.end().catch(() => {});
  }
};

describe('the embedded Postgres', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "cartograph it's a test "));
  fs.chmodSync(folder, 0o711);
  const places = { dataDir: path.join(folder, 'data'), runtimeDir: runtimeDirOf(folder) };
  const lines: string[] = [];
  const log = (line: string) => lines.push(line);
  const options = { ...places, port: 0, superuserPassword: 'p@ss:w/rd', log };
  const dataDir = () => (fs.existsSync(places.dataDir) ? places.dataDir : dataDirsOf(places)[1]);

  beforeAll(async () => {
    options.port = await freePort();
  });
  afterAll(async () => {
    await removePostgresData({ ...places, log });
    for (const dir of [folder, places.runtimeDir]) fs.rmSync(dir, { recursive: true, force: true });
  });

  it('gives each service a database that no other can connect to', async () => {
    const server = await startPostgres(options);
    const services = ['one', 'two'].map((name) => ({
      role: `role "${name}"`,
      password: `it's ${name}`,
      database: `data-${name}`,
    }));
    const urlOf = (index: number, database: string) => {
      const { role = '', password = '' } = services[index] ?? {};
      const user = `${encodeURIComponent(role)}:${encodeURIComponent(password)}`;
      return `postgres://${user}@127.0.0.1:${options.port}/${database}`;
    };
    for (let round = 1; round <= 2; round += 1) {
      await ensureDatabases(server.adminUrl, services);
      await expect(query(urlOf(0, 'data-one'), `CREATE TABLE t${round} ()`)).resolves.toEqual([]);
    }
    await expect(query(urlOf(1, 'data-one'), 'SELECT 1')).rejects.toThrow('permission denied');
    await server.stop();
    await expect(server.exited).resolves.toEqual({ code: 0, signal: null });
  });

  it('starts on its data after a kill -9', async () => {
    const server = await startPostgres(options);
    process.kill(server.pid, 'SIGKILL');
    await expect(server.exited).resolves.toEqual({ code: null, signal: 'SIGKILL' });
    const again = await startPostgres(options);
    const databases = await query(again.adminUrl, 'SELECT datname FROM pg_database');
    expect(databases).toContainEqual({ datname: 'data-one' });
    await again.stop();
  });

  it('stops a server that was left behind on the same data', async () => {
    const first = await startPostgres(options);
    expect(findLeftover(dataDir())).toMatchObject({ pid: first.pid, port: options.port });
    const second = await startPostgres(options);
    await expect(first.exited).resolves.toEqual({ code: 0, signal: null });
    expect(lines.at(-1)).toContain(`pid ${first.pid}`);
    await second.stop();
    expect(findLeftover(dataDir())).toBeUndefined();
  });

  it('begins again where a data folder is incomplete', async () => {
    fs.rmSync(path.join(dataDir(), 'PG_VERSION'));
    const server = await startPostgres(options);
    const databases = await query(server.adminUrl, 'SELECT datname FROM pg_database');
    expect(databases).not.toContainEqual({ datname: 'data-one' });
    await server.stop();
  });

  it('says in a sentence that the password is not the one the data was made with', async () => {
    const other = { ...options, superuserPassword: 'another' };
    await expect(startPostgres(other)).rejects.toThrow(/^Postgres refuses the superuser password/);
  });

  it('says in a sentence that the port is taken', async () => {
    const server = await startPostgres(options);
    const dataDir = path.join(folder, 'second', 'data');
    const beside = { ...options, dataDir, runtimeDir: runtimeDirOf(dataDir) };
    await expect(startPostgres(beside)).rejects.toThrow(
      /^Postgres ended while it was starting: could not create any TCP\/IP sockets/,
    );
    await server.stop();
    fs.rmSync(beside.runtimeDir, { recursive: true, force: true });
  });
});
