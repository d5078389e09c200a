import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openProduct, type ProductService } from './open-product.ts';

let catalogue: ProductService;

beforeAll(async () => {
  catalogue = await openProduct();
});

afterAll(() => catalogue.close());

const ADJUST = `mutation ($input: AdjustStockInput!) {
  adjustStock(input: $input) {
    __typename
    ... on Product { id stock version }
    ... on Problem { code }
    ... on OutOfStockProblem { shortages { productId sku requested available } }
    ... on ProductNotFoundProblem { productId }
    ... on ValidationFailedProblem { fields { path } }
  }
}`;

const adjust = (productId: string, delta: number) =>
  catalogue.asAdmin(ADJUST, { input: { productId, delta, reason: 'counted' } });

describe('adjustStock', () => {
  it('counts exactly, and never below 0, under concurrent changes', async () => {
    const { id } = await catalogue.addProduct({ stock: 20 });
    const deltas = Array.from({ length: 50 }, (_, index) => (index % 5 === 0 ? 2 : -1));
    const answers = await Promise.all(deltas.map((delta) => adjust(id, delta)));
    expect(answers.flatMap(({ errors }) => errors)).toEqual([]);
    const done = answers.map(({ data }) => data.adjustStock.__typename === 'Product');
    const sum = deltas.reduce((total, delta, index) => total + (done[index] ? delta : 0), 20);
    expect(await catalogue.readStock(id)).toBe(sum);
    expect(sum).toBeGreaterThanOrEqual(0);
    for (const { data } of answers) expect(data.adjustStock.stock ?? 0).toBeGreaterThanOrEqual(0);
  });

  it('takes no more units than there are, under concurrent requests', async () => {
    const { id, sku } = await catalogue.addProduct({ stock: 30 });
    const answers = await Promise.all(Array.from({ length: 50 }, () => adjust(id, -1)));
    const results = answers.map(({ data }) => data.adjustStock);
    expect(results.filter((result) => result.__typename === 'Product')).toHaveLength(30);
    expect(results.find((result) => result.code === 'OUT_OF_STOCK').shortages).toEqual([
      { productId: id, sku, requested: 1, available: 0 },
    ]);
    expect(await catalogue.readStock(id)).toBe(0);
  });

  it('does not change the version', async () => {
    const { id } = await catalogue.addProduct();
    expect((await adjust(id, 5)).data.adjustStock).toMatchObject({ stock: 15, version: 1 });
  });

  it('counts up to 1,000,000,000 units', async () => {
    const { id } = await catalogue.addProduct({ stock: 999_999_998 });
    expect((await adjust(id, 3)).data.adjustStock).toMatchObject({
      code: 'VALIDATION_FAILED',
      fields: [{ path: 'delta' }],
    });
    expect((await adjust(id, 2)).data.adjustStock).toMatchObject({ stock: 1_000_000_000 });
    for (const delta of [
      1,
      1_000_000_000,
      1_000_000_001,
      -1_000_000_001,
      2 ** 31 - 1,
      -(2 ** 31),
    ]) {
      expect((await adjust(id, delta)).data.adjustStock.fields).toEqual([{ path: 'delta' }]);
    }
    expect(await catalogue.readStock(id)).toBe(1_000_000_000);
    expect((await adjust(id, -1_000_000_000)).data.adjustStock).toMatchObject({ stock: 0 });
  });

  it('refuses a reason that is longer than 200 characters', async () => {
    const { id: productId } = await catalogue.addProduct();
    const count = async (length: number) => {
      const input = { productId, delta: 1, reason: 'x'.repeat(length) };
      return (await catalogue.asAdmin(ADJUST, { input })).data.adjustStock.__typename;
    };
    expect([await count(200), await count(201)]).toEqual(['Product', 'ValidationFailedProblem']);
  });

  it('refuses a delta of 0, a missing reason, or an unknown product', async () => {
    const { id: productId } = await catalogue.addProduct();
    const wrong = await catalogue.asAdmin(ADJUST, { input: { productId, delta: 0, reason: '' } });
    expect(wrong.data.adjustStock.fields).toEqual([{ path: 'delta' }, { path: 'reason' }]);
    expect((await adjust(randomUUID(), 1)).data.adjustStock.code).toBe('PRODUCT_NOT_FOUND');
  });
});
