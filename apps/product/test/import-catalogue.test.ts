import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isProblem } from '@cartograph/errors';
import { readCatalogue } from '../src/db/read-catalogue.ts';
import { makePrismaProductStore } from '../src/db/make-prisma-product-store.ts';
import { makeProducts } from '../src/domain/products.ts';
import { CAUSE, makeProduct, openImport, STORE, type OpenImport } from './open-import.ts';

let shop: OpenImport;

beforeAll(async () => {
  shop = await openImport();
});

afterAll(() => shop.close());

const nextPosition = async () =>
  (await shop.query('SELECT last_value, is_called FROM products_position_seq'))[0];

describe('new products', () => {
  it('arrive in the order of the file, with their stock in the ledger', async () => {
    const products = ['c', 'a', 'b'].map((sku) =>
      makeProduct({ sku: `new-${sku}`, stock: sku === 'b' ? 0 : 7 }),
    );
    expect(await shop.write(products)).toEqual({
      added: 3,
      changed: 0,
      unchanged: 0,
      stockLeft: 0,
    });
    const rows = await shop.readRows(products);
    const by = (key: string) =>
      rows.toSorted((a, b) => (String(a[key]) < String(b[key]) ? -1 : 1)).map((row) => row['sku']);
    expect(by('position')).toEqual(['new-c', 'new-a', 'new-b']);
    expect(by('id')).toEqual(by('position'));
    expect(rows.map((row) => row['version'])).toEqual([1, 1, 1]);
    expect(await shop.readMovements('new-c')).toEqual([
      { kind: 'ADJUSTED', stock_delta: 7, held_delta: 0, ...CAUSE },
    ]);
    expect(await shop.readMovements('new-b')).toEqual([]);
    await shop.expectBalance();
  });

  it('are found by their words and in their category', async () => {
    const product = makeProduct({ name: 'Zwiebelfisch', category: 'letterpress' });
    await shop.write([product]);
    const store = makePrismaProductStore(shop.catalogue, STORE);
    expect(await store.countProducts({ text: 'zwiebelfisch', category: 'letterpress' })).toEqual({
      count: 1,
      isExceeded: false,
    });
    expect(await store.listCategories()).toContainEqual({ name: 'letterpress', productCount: 1 });
  });
});

describe('existing products', () => {
  it('are not written when nothing differs', async () => {
    const products = [makeProduct(), makeProduct({ imageUrl: 'https://example.com/a.webp' })];
    await shop.write(products);
    const [rows, position] = [await shop.readRows(products), await nextPosition()];
    expect(await shop.write(products)).toEqual({
      added: 0,
      changed: 0,
      unchanged: 2,
      stockLeft: 0,
    });
    // Also the transaction that wrote each of them last is the same.
    expect(await shop.readRows(products)).toEqual(rows);
    expect(await nextPosition()).toEqual(position);
  });

  it('keep fields that the file does not have; new products get defaults', async () => {
    const [known, added] = [makeProduct(), makeProduct()];
    await shop.write([known]);
    const nothing = {
      description: undefined,
      category: undefined,
      stock: undefined,
      imageUrl: undefined,
    };
    const given = [
      { ...known, ...nothing, name: 'Renamed' },
      { ...added, ...nothing },
    ];
    const cause = { added: 1, changed: 1, unchanged: 0, stockLeft: 0 };
    expect(await shop.write(given)).toEqual(cause);
    const store = makePrismaProductStore(shop.catalogue, STORE);
    const [kept] = await store.findProductsBySku([known.sku]);
    const [made] = await store.findProductsBySku([added.sku]);
    expect(kept).toMatchObject({ ...known, name: 'Renamed' });
    expect(made).toMatchObject({ description: '', category: 'general', stock: 0, imageUrl: null });
    expect(await shop.write(given)).toMatchObject({ unchanged: 2 });
  });

  it.each([
    { name: 'Another thing' },
    { description: '' },
    { category: 'other-things' },
    { price: { amount: 2000, currency: 'EUR' } },
    { price: { amount: 1999, currency: 'USD' } },
    { imageUrl: 'https://example.com/b.webp' },
  ])('are changed by %j to the next version', async (change) => {
    const product = makeProduct();
    await shop.write([product]);
    const [before] = await shop.readRows([product]);
    expect(await shop.write([{ ...product, ...change }])).toMatchObject({
      changed: 1,
      unchanged: 0,
    });
    const [after] = await shop.readRows([product]);
    expect(after).toMatchObject({ id: before?.['id'], version: 2, stock: 10 });
    expect(after?.['updated_at']).not.toEqual(before?.['updated_at']);
    const [shown] = await makePrismaProductStore(shop.catalogue, STORE).findProductsBySku([
      product.sku,
    ]);
    expect(shown).toMatchObject(change);
    await shop.expectBalance();
  });

  it('keep their image when the file has no value, and lose it when the file clears it', async () => {
    const product = makeProduct({ imageUrl: 'https://example.com/a.webp' });
    await shop.write([product]);
    expect(await shop.write([{ ...product, imageUrl: undefined }])).toMatchObject({ unchanged: 1 });
    await shop.write([{ ...product, name: 'New', imageUrl: undefined }]);
    expect(await shop.readRows([product])).toMatchObject([
      { image_url: product.imageUrl, name: 'New' },
    ]);
    expect(await shop.write([{ ...product, name: 'New', imageUrl: null }])).toMatchObject({
      changed: 1,
    });
    expect(await shop.readRows([product])).toMatchObject([{ image_url: null }]);
  });

  it('changes further images only where the file has them', async () => {
    const [first, second, third] = ['a', 'b', 'c'].map((name) => `https://example.com/${name}`);
    const product = makeProduct({ imageUrl: first, furtherImageUrls: [second ?? ''] });
    await shop.write([product]);
    const read = async () => {
      const [row] = await shop.readRows([product]);
      return { first: row?.['image_url'], further: row?.['further_image_urls'] };
    };
    expect(await read()).toEqual({ first, further: [second] });
    expect(await shop.write([product])).toMatchObject({ unchanged: 1 });
    expect(await shop.write([{ ...product, furtherImageUrls: undefined }])).toMatchObject({
      unchanged: 1,
    });
    await shop.write([{ ...product, furtherImageUrls: [third ?? '', second ?? ''] }]);
    expect(await read()).toEqual({ first, further: [third, second] });
    await shop.write([{ ...product, imageUrl: null, furtherImageUrls: undefined }]);
    expect(await read()).toEqual({ first: null, further: [] });
    // The release before removes the first image only.
    await shop.write([product]);
    await shop.query('UPDATE products SET image_url = NULL WHERE sku = $1', [product.sku]);
    await shop.write([{ ...product, imageUrl: third, furtherImageUrls: undefined }]);
    expect(await read()).toEqual({ first: third, further: [] });
  });

  it('keep their stock unless --set-stock is given; then the ledger has the difference', async () => {
    const product = makeProduct();
    await shop.write([product]);
    const counted = { ...product, stock: 4 };
    expect(await shop.write([counted])).toEqual({
      added: 0,
      changed: 0,
      unchanged: 1,
      stockLeft: 1,
    });
    expect(await shop.readRows([product])).toMatchObject([{ stock: 10, version: 1 }]);
    const renamed = makeProduct({ stock: 10 });
    await shop.write([renamed]);
    expect(await shop.write([{ ...renamed, name: 'Renamed', stock: 4 }])).toMatchObject({
      changed: 1,
      stockLeft: 1,
    });
    expect(await shop.readRows([renamed])).toMatchObject([{ stock: 10, name: 'Renamed' }]);
    expect(await shop.write([counted], true)).toEqual({
      added: 0,
      changed: 1,
      unchanged: 0,
      stockLeft: 0,
    });
    expect(await shop.readRows([product])).toMatchObject([{ stock: 4, version: 1 }]);
    expect(await shop.readMovements(product.sku)).toMatchObject([
      { stock_delta: 10 },
      { kind: 'ADJUSTED', stock_delta: -6, held_delta: 0, ...CAUSE },
    ]);
    expect(await shop.write([counted], true)).toMatchObject({ changed: 0, unchanged: 1 });
    await shop.expectBalance();
  });

  it('stay archived', async () => {
    const product = makeProduct({ category: 'attic' });
    await shop.write([product]);
    const [row] = await shop.readRows([product]);
    const archived = await makeProducts(
      makePrismaProductStore(shop.catalogue, STORE),
    ).archiveProduct({
      id: String(row?.['id']),
      version: 1,
    });
    expect(isProblem(archived)).toBe(false);
    expect(await shop.write([{ ...product, name: 'Renamed' }])).toMatchObject({ changed: 1 });
    const [after] = await shop.readRows([product]);
    expect(after).toMatchObject({ name: 'Renamed', version: 3 });
    expect(after?.['archived_at']).not.toBeNull();
    const pages = readCatalogue(shop.database, STORE.report);
    for await (const page of pages) expect(page.map(({ sku }) => sku)).not.toContain(product.sku);
    await shop.expectBalance();
  });
});

describe('an audit', () => {
  it('names a product whose stock moved without the ledger, and a category that is miscounted', async () => {
    const product = makeProduct({ category: 'miscounted' });
    await shop.write([product]);
    await shop.query('UPDATE products SET stock = stock + 3 WHERE sku = $1', [product.sku]);
    await shop.query(`UPDATE categories SET product_count = 5 WHERE name = 'miscounted'`);
    const { imbalances, miscounts } = await shop.audit();
    expect(imbalances).toEqual([
      { sku: product.sku, stock: 13, ledgerStock: 10, held: 0, ledgerHeld: 0 },
    ]);
    expect(miscounts).toEqual([{ category: 'miscounted', counted: 1, stated: 5 }]);
    await shop.query('UPDATE products SET stock = stock - 3 WHERE sku = $1', [product.sku]);
    await shop.query(
      `WITH held AS (
         INSERT INTO reservations (order_id, status, expires_at, created_at, updated_at)
         VALUES (gen_random_uuid(), 'HELD', now() + interval '1 hour', now(), now())
         RETURNING order_id)
       INSERT INTO reservation_lines
         (order_id, product_id, quantity, sku, name, price_cents, currency)
       SELECT order_id, id, 2, sku, name, price_cents, currency FROM held, products WHERE sku = $1`,
      [product.sku],
    );
    expect((await shop.audit()).imbalances).toEqual([
      { sku: product.sku, stock: 10, ledgerStock: 10, held: 2, ledgerHeld: 0 },
    ]);
    await shop.query('DELETE FROM reservation_lines');
    await shop.query(`UPDATE categories SET product_count = 1 WHERE name = 'miscounted'`);
    await shop.expectBalance();
  });
});
