import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { makeTestDatabase } from '@cartograph/testing';

const main = path.resolve(import.meta.dirname, '..', 'main.ts');

/** What a command left behind. */
export type Ended = { readonly code: number | null; readonly out: string; readonly err: string };

/** A command that runs. */
export type Running = { readonly child: ChildProcess; readonly ended: Promise<Ended> };

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
    start,
    run: (...args: string[]) => start(args).ended,
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
