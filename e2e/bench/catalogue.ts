import { Agent } from 'node:http';
import type { TestDatabase } from '@cartograph/testing';
import type { Outcome } from '../proofs/proof.ts';
import { RequestError } from '../sandbox/client.ts';
import type { Sandbox, SandboxOptions } from '../sandbox/open-sandbox.ts';
import { withSandboxes } from '../sandbox/open-sandboxes.ts';
import { makeOperations, type Send, type Terms } from './catalogue-operations.ts';
import { compare, toTable } from './measure.ts';

/** A page of the large catalogue may take this many times as long as of the small one. */
const MAX_RATIO = 1.5;

const SEED = 1;

const fill = async ({ url, query }: TestDatabase, count: number): Promise<void> => {
  // Imported when the generated clients are there.
  const { fillCatalogue } = await import('../../apps/product/src/commands/generate-catalogue.ts');
  const start = performance.now();
  await fillCatalogue({ databaseUrl: url, count, seed: SEED });
  // In a running shop autovacuum does this.
  await query('VACUUM ANALYZE products');
  await query('VACUUM ANALYZE search_words');
  const seconds = (performance.now() - start) / 1000;
  console.log(`${count} products made in ${seconds.toFixed(0)} s`);
};

const senderOf =
  (sandbox: Sandbox): Send =>
  async <Data>(query: string, variables: object = {}) => {
    const { data, errors } = await sandbox.query('product', query, variables);
    if (errors[0]) throw new RequestError(query, errors[0]);
    return data as Data;
  };

/** Words in names, the most frequent first. */
const countWords = ({ query }: TestDatabase) =>
  query<{ word: string; ndoc: number }>(
    `SELECT word, ndoc FROM ts_stat('SELECT name_words FROM products')
     WHERE word ~ '^[a-z]{5,}$' ORDER BY ndoc DESC, word`,
  );

/** Chooses words of both catalogues by the part of the large one's products that have them. */
const chooseTerms = async (
  small: TestDatabase,
  large: TestDatabase,
  count: number,
): Promise<Terms> => {
  const known = new Set((await countWords(small)).map(({ word }) => word));
  const shared = (await countWords(large)).filter(({ word }) => known.has(word));
  const near = (part: number): string => {
    const found = shared.find(({ ndoc }) => ndoc <= part * count) ?? shared.at(-1);
    if (!found) throw new Error('the two catalogues have no word in common');
    console.log(`word: ${found.word}, in ${found.ndoc} of ${count} names`);
    return found.word;
  };
  const categories = await small.query<{ name: string }>(
    'SELECT name FROM categories ORDER BY product_count DESC, name',
  );
  const middle = Math.floor(categories.length / 2);
  return {
    common: near(0.1),
    middling: near(0.02),
    uncommon: near(0.002),
    rare: near(0.0002),
    categories: categories.slice(middle, middle + 4).map(({ name }) => name),
  };
};

/**
 * Sends the same requests to two catalogues, alternately, through the whole product service.
 * @returns a table of medians; it held when no operation took more than 1.5 times as long
 */
export const benchCatalogue = async (options: {
  small: number;
  large: number;
  rounds: number;
}): Promise<Outcome> => {
  const agent = new Agent({ keepAlive: true });
  const service: SandboxOptions = { services: ['product'], agent };
  return withSandboxes([service, service], async (...sandboxes) => {
    const [small, large] = sandboxes.map(({ databases }) => databases.product);
    if (!small || !large) throw new Error('two catalogues are compared');
    await fill(small, options.small);
    await fill(large, options.large);
    const terms = await chooseTerms(small, large, options.large);
    const [sendToSmall, sendToLarge] = sandboxes.map(senderOf) as [Send, Send];

    const rows = [['', `${options.small}`, `${options.large}`, 'ratio']];
    const slow: string[] = [];
    for (const { name, prepare } of makeOperations(terms)) {
      const [one, other] = [await prepare(sendToSmall), await prepare(sendToLarge)];
      const [few, many] = await compare(options.rounds, [
        () => sendToSmall(one.query, one.variables),
        () => sendToLarge(other.query, other.variables),
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
  }).finally(() => agent.destroy());
};
