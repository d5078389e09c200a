import { fork, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll } from 'vitest';
import { makeTestDatabase } from '@cartograph/testing';
import type { CommandLine } from './run-commands.ts';

const main = path.resolve(import.meta.dirname, '..', 'main.ts');

/** Of all command lines that need no process of their own. */
let runner: ChildProcess | null = null;

afterAll(() => {
  runner?.kill();
  runner = null;
});

/** What a command left behind. */
export type Ended = { readonly code: number | null; readonly out: string; readonly err: string };

/** A command that runs. */
export type Running = { readonly child: ChildProcess; readonly ended: Promise<Ended> };

const runLine = async (line: CommandLine): Promise<Ended> => {
  runner ??= fork(path.join(import.meta.dirname, 'run-commands.ts'), { execArgv: [] });
  const over = new AbortController();
  const died = once(runner, 'exit', { signal: over.signal }).then(() => {
    throw new Error('the process that runs command lines has ended');
  });
  const ended = once(runner, 'message', { signal: over.signal });
  runner.send(line);
  try {
    const [end] = (await Promise.race([ended, died])) as [Ended];
    return end;
  } finally {
    over.abort();
    died.catch(() => {}); // Aborted above.
  }
};

/** An empty catalogue, a folder, and the commands as people call them. */
export const openCatalogueCommand = async () => {
  const [database, folder] = await Promise.all([
    makeTestDatabase('product'),
    mkdtemp(path.join(tmpdir(), 'catalogue-')),
  ]);

  const start = (args: readonly string[], env: Record<string, string> = {}): Running => {
    const child = spawn(process.execPath, [main, ...args], {
      cwd: folder,
      env: { ...process.env, PRODUCT_DATABASE_URL: database.url, ...env },
    });
    const exit = new Promise<number | null>((resolve) => child.once('close', resolve));
    const ended = Promise.all([exit, text(child.stdout), text(child.stderr)]).then(
      ([code, out, err]) => ({ code, out, err }),
    );
    return { child, ended };
  };

  return {
    database,
    /** Starts a process of its own. */
    start,
    /** Runs a command line to its end; one at a time. */
    run: (...args: string[]) =>
      runLine({ args, folder, env: { PRODUCT_DATABASE_URL: database.url } }),
    /** Runs with something on standard input. */
    feed: (input: string, ...args: string[]) => {
      const { child, ended } = start(args);
      child.stdin?.end(input);
      return ended;
    },
    write: (name: string, content: string) => writeFile(path.join(folder, name), content),
    read: (name: string) => readFile(path.join(folder, name), 'utf8'),
    pathOf: (name: string) => path.join(folder, name),
    countProducts: async () =>
      (await database.query<{ n: number }>('SELECT count(*)::int AS n FROM products'))[0]?.n ?? 0,
    /** All that is in the catalogue but ids and times, in the order of arrival, and its ledger. */
    dump: () =>
      database.query(
        `SELECT sku, name, description, category, price_cents, currency, stock, image_url, version,
           archived_at,
           array(SELECT (kind, stock_delta, held_delta, actor, reason)::text FROM stock_movements
             WHERE product_id = products.id ORDER BY id) AS movements
         FROM products ORDER BY position`,
      ),
    close: async () => {
      await database.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
};

export type CatalogueCommand = Awaited<ReturnType<typeof openCatalogueCommand>>;
