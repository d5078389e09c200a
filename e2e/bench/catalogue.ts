import { Client } from 'pg';
import { fillCatalogue } from '../../apps/product/src/commands/fill-catalogue.ts';
import { applyMigrations } from '../../tools/migrate/engine.ts';
import { startThrowAwayPostgres } from '../../tools/postgres/throw-away.ts';
import { makeOperations, type Words } from './catalogue-questions.ts';
import { compare, toTable } from './measure.ts';
import { openProductService, type ProductService } from './open-product-service.ts';

/** A page at the large size may take this many times as long as at the small one. */
const MAX_RATIO = 1.5;

const SEED = 1;

const withClient = async <Value>(url: string, use: (client: Client) => Promise<Value>) => {
  const client = new Client(url);
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
};

const makeCatalogue = async (adminUrl: string, count: number): Promise<string> => {
  const name = `catalogue_${count}`;
  await withClient(adminUrl, (admin) => admin.query(`CREATE DATABASE ${name}`));
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  await applyMigrations({ service: 'product', databaseUrl: url.href });
  const start = performance.now();
  await fillCatalogue({ databaseUrl: url.href, count, seed: SEED });
  // What autovacuum does in a shop that is not in a hurry.
  await withClient(url.href, async (client) => {
    await client.query('VACUUM ANALYZE products');
    await client.query('VACUUM ANALYZE search_words');
  });
  const seconds = (performance.now() - start) / 1000;
  console.log(`${count} products made in ${seconds.toFixed(0)} s`);
  return url.href;
};

type WordCount = { readonly word: string; readonly ndoc: number };

const countWords = (url: string): Promise<readonly WordCount[]> =>
  withClient(url, async (client) => {
    const { rows } = await client.query<WordCount>(
      `SELECT word, ndoc FROM ts_stat('SELECT name_words FROM products')
       WHERE word ~ '^[a-z]{5,}$' ORDER BY ndoc DESC, word`,
    );
    return rows;
  });

/** Words that both catalogues have, by the share of the large one's products that have them. */
const chooseWords = async (small: string, large: string, count: number): Promise<Words> => {
  const [few, many] = [await countWords(small), await countWords(large)];
  const known = new Set(few.map(({ word }) => word));
  const near = (share: number): string => {
    const shared = many.filter(({ word }) => known.has(word));
    const found = shared.find(({ ndoc }) => ndoc <= share * count) ?? shared.at(-1);
    if (!found) throw new Error('the two catalogues have no word in common');
    console.log(`word: ${found.word}, in ${found.ndoc} of ${count} names`);
    return found.word;
  };
  const { rows: shelves } = await withClient(small, (client) =>
    client.query<{ name: string }>('SELECT name FROM categories ORDER BY product_count DESC, name'),
  );
  const middle = Math.floor(shelves.length / 2);
  return {
    common: near(0.1),
    middling: near(0.02),
    uncommon: near(0.002),
    rare: near(0.0002),
    categories: shelves.slice(middle, middle + 4).map(({ name }) => name),
  };
};

/**
 * Asks the same of two catalogues, by turns, through the whole product service.
 * @returns a table of medians, and whether no operation took more than 1.5 times as long
 */
export const benchCatalogue = async (options: {
  small: number;
  large: number;
  rounds: number;
}): Promise<{ held: boolean; report: string }> => {
  const postgres = await startThrowAwayPostgres();
  const services: ProductService[] = [];
  try {
    const urls: string[] = [];
    for (const count of [options.small, options.large]) {
      urls.push(await makeCatalogue(postgres.adminUrl, count));
    }
    for (const url of urls) services.push(await openProductService(url));
    const [small, large] = services;
    if (!small || !large) throw new Error('two sides are compared');
    const words = await chooseWords(urls[0] ?? '', urls[1] ?? '', options.large);

    const rows = [['', `${options.small}`, `${options.large}`, 'ratio']];
    const slow: string[] = [];
    for (const { name, questionFor } of makeOperations(words)) {
      const [one, other] = [await questionFor(small), await questionFor(large)];
      const [few, many] = await compare(options.rounds, [
        () => small.ask(one.query, one.variables),
        () => large.ask(other.query, other.variables),
      ]);
      const ratio = many / few;
      if (ratio > MAX_RATIO) slow.push(name);
      rows.push([name, `${few.toFixed(2)} ms`, `${many.toFixed(2)} ms`, ratio.toFixed(2)]);
    }
    const verdict =
      slow.length === 0
        ? `held: no operation takes more than ${MAX_RATIO} times as long`
        : `BROKEN: more than ${MAX_RATIO} times as long: ${slow.join('; ')}`;
    return { held: slow.length === 0, report: `${toTable(rows)}\n${verdict}` };
  } finally {
    for (const service of services) await service.close();
    await postgres.stop();
  }
};
