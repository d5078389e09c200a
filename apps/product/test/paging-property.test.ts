import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { makeReader, type Listed, type Reader } from './list-products.ts';
import { openProduct, type ProductService } from './open-product.ts';

let catalogue: ProductService;
let reader: Reader;

beforeAll(async () => {
  catalogue = await openProduct();
  reader = makeReader(catalogue);
});

afterAll(() => catalogue.close());

const AMOUNTS = [100, 200, 300];

/** A change of the catalogue between two pages. */
const change = fc.oneof(
  fc.record({ kind: fc.constant('insert' as const), amount: fc.constantFrom(...AMOUNTS) }),
  fc.record({ kind: fc.constant('delete' as const), pick: fc.nat(99) }),
  fc.record({
    kind: fc.constant('reprice' as const),
    pick: fc.nat(99),
    amount: fc.constantFrom(...AMOUNTS),
  }),
);

const scenario = fc.record({
  sort: fc.constantFrom('NEWEST', 'PRICE_ASC', 'PRICE_DESC', 'NAME_ASC', 'RELEVANCE'),
  search: fc.boolean(),
  backward: fc.boolean(),
  size: fc.integer({ min: 1, max: 6 }),
  products: fc.array(fc.constantFrom(...AMOUNTS), { minLength: 1, maxLength: 14 }),
  changes: fc.array(fc.array(change, { maxLength: 3 }), { maxLength: 8 }),
});

const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 60);

describe('paging through a catalogue that changes', () => {
  it('lists each unchanged product exactly once, and none twice in one place', async () => {
    const seed = Number(process.env['PROPERTY_SEED'] ?? Date.now() % 2 ** 31);
    console.info(`paging property: PROPERTY_SEED=${seed} PROPERTY_RUNS=${RUNS}`);
    await fc.assert(
      fc.asyncProperty(scenario, async ({ sort, search, backward, size, products, changes }) => {
        const category = `category-${randomUUID()}`;
        const ids: string[] = [];
        const touched = new Set<string>();
        const add = async (amount: number) => {
          const { id } = await catalogue.addProduct({
            name: `Cup ${amount} ${ids.length % 2 === 0 ? 'with a handle' : ''}`.trim(),
            description: 'with a handle',
            category,
            price: { amount, currency: 'EUR' },
          });
          ids.push(id);
          return id;
        };
        for (const amount of products) await add(amount);

        const rounds = [...changes];
        const between = async () => {
          for (const step of rounds.shift() ?? []) {
            if (step.kind === 'insert') {
              touched.add(await add(step.amount));
              continue;
            }
            const id = ids[step.pick % ids.length] ?? '';
            touched.add(id);
            await catalogue.database.query(
              step.kind === 'delete'
                ? 'UPDATE products SET archived_at = now() WHERE id = $1'
                : 'UPDATE products SET price_cents = $2, version = version + 1 WHERE id = $1',
              step.kind === 'delete' ? [id] : [id, step.amount],
            );
          }
        };
        const filter = { category, ...(search && { text: 'handle' }) };
        const seen: readonly Listed[] = await reader.readAll(
          { sort, filter },
          { size, backward, between },
        );
        const stoodStill = ids.filter((id) => !touched.has(id));
        for (const id of stoodStill) {
          expect(seen.filter((product) => product.id === id)).toHaveLength(1);
        }
        // A product with a new price may be listed again, at that price only.
        const places = seen.map((product) => `${product.id} ${product.price.amount}`);
        expect(new Set(places).size).toBe(places.length);
      }),
      { seed, numRuns: RUNS, endOnFailure: false },
    );
  }, 120_000);
});
