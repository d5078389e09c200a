import { v7 as makeId } from 'uuid';
import {
  NEW_PRODUCT,
  type CatalogueImport,
  type ImportedProduct,
} from '../domain/catalogue-import.ts';
import type { Cause } from '../domain/stock-ledger.ts';
import { changedAt } from './changed-at.ts';
import { Prisma } from './generated/client.ts';
import type { Database, Transaction } from './make-database.ts';
import { lockCatalogue } from './make-prisma-product-store.ts';
import { addToStock, lockProducts, recordAdjustments } from './move-stock.ts';
import { writeLowStock } from './outbox.ts';

/** A batch waits for the catalogue lock, then takes as long as its size requires. */
export const BATCH_TIMEOUTS = { maxWait: 10_000, timeout: 120_000 };

/** Products as a table `given`, in one parameter. */
const asTable = (products: readonly (ImportedProduct & { readonly id?: string })[]): Prisma.Sql => {
  const rows = products.map(({ price, imageUrl, furtherImageUrls, ...product }) => ({
    ...product,
    price_cents: price.amount,
    currency: price.currency,
    image_url: imageUrl ?? null,
    has_image: imageUrl !== undefined,
    further_image_urls: furtherImageUrls ?? [],
    // Without a first image there is none.
    has_further: furtherImageUrls !== undefined || imageUrl === null,
  }));
  return Prisma.sql`json_to_recordset(${JSON.stringify(rows)}::json) AS given(
    id uuid, sku text, name text, description text, category text, price_cents bigint,
    currency text, stock int, image_url text, has_image boolean, further_image_urls text[],
    has_further boolean)`;
};

const findSkus = async (tx: Transaction, skus: readonly string[]): Promise<Set<string>> => {
  const rows = await tx.$queryRaw<{ sku: string }[]>`
    SELECT sku FROM products WHERE sku = ANY(${skus}::text[])`;
  return new Set(rows.map(({ sku }) => sku));
};

/**
 * Inserts products and, in the same statement, their stock into the ledger. Their time is that of the
 * statement: the transaction began before it waited for the catalogue lock.
 */
const insertProducts = async (
  tx: Transaction,
  products: readonly ImportedProduct[],
  { actor, reason }: Cause,
): Promise<void> => {
  const rows = products.map((product) => ({ ...product, id: makeId() }));
  await tx.$executeRaw`
    WITH added AS (
      INSERT INTO products (id, sku, name, description, category, price_cents, currency, stock,
        image_url, further_image_urls, created_at, updated_at)
      SELECT id, sku, name, coalesce(description, ${NEW_PRODUCT.description}),
        coalesce(category, ${NEW_PRODUCT.category}), price_cents, currency,
        coalesce(stock, ${NEW_PRODUCT.stock}), image_url, further_image_urls,
        statement_timestamp(), statement_timestamp()
      FROM ${asTable(rows)} ORDER BY id
      RETURNING id, stock
    )
    INSERT INTO stock_movements
      (product_id, kind, stock_delta, held_delta, actor, reason, created_at)
    SELECT id, 'ADJUSTED', stock, 0, ${actor}, ${reason}, statement_timestamp()
    FROM added WHERE stock <> 0 ORDER BY id`;
};

type Comparison = { id: string; sku: string; differs: boolean; stockDiffers: boolean };

const compareProducts = (tx: Transaction, products: readonly ImportedProduct[]) =>
  tx.$queryRaw<Comparison[]>`
    SELECT present.id, present.sku,
      coalesce(present.stock <> given.stock, false) AS "stockDiffers",
      (present.name, present.description, present.category, present.price_cents,
        present.currency::text)
      IS DISTINCT FROM
      (given.name, coalesce(given.description, present.description),
        coalesce(given.category, present.category), given.price_cents, given.currency)
      OR (given.has_image AND present.image_url IS DISTINCT FROM given.image_url)
      OR (given.has_further AND present.further_image_urls <> given.further_image_urls) AS differs
    FROM ${asTable(products)} JOIN products AS present ON present.sku = given.sku`;

const updateProducts = (tx: Transaction, products: readonly ImportedProduct[]) =>
  tx.$executeRaw`
    UPDATE products AS present
    SET name = given.name, description = coalesce(given.description, present.description),
      category = coalesce(given.category, present.category),
      price_cents = given.price_cents, currency = given.currency,
      image_url = CASE WHEN given.has_image THEN given.image_url ELSE present.image_url END,
      further_image_urls = CASE WHEN given.has_further THEN given.further_image_urls
        -- Those of a product without a first image were removed by the release before.
        WHEN present.image_url IS NULL THEN '{}' ELSE present.further_image_urls END,
      version = present.version + 1,
      updated_at = ${Prisma.raw(changedAt('present.updated_at'))}
    FROM ${asTable(products)} WHERE present.sku = given.sku`;

/** Sets the stock of locked products to the file's. @returns the ids of those that changed */
const setStock = async (
  tx: Transaction,
  locked: readonly { id: string; sku: string; stock: number }[],
  products: ReadonlyMap<string, ImportedProduct>,
  cause: Cause,
  lowStock: number,
): Promise<readonly string[]> => {
  const units = locked
    .map(({ id, sku, stock }) => ({
      productId: id,
      sku,
      stock,
      quantity: (products.get(sku)?.stock ?? stock) - stock,
    }))
    .filter(({ quantity }) => quantity !== 0);
  const ids = units.map(({ productId }) => productId);
  const quantities = units.map(({ quantity }) => quantity);
  await addToStock(tx, ids, quantities);
  await recordAdjustments(tx, units, cause);
  await writeLowStock(
    tx,
    units.map(({ productId, sku, stock, quantity }) => ({
      productId,
      sku,
      before: stock,
      after: stock + quantity,
    })),
    lowStock,
  );
  return ids;
};

/** Updates existing products. The catalogue lock protects all fields but their stock. */
const changeProducts = async (
  tx: Transaction,
  products: readonly ImportedProduct[],
  cause: Cause,
  setsStock: boolean,
  lowStock: number,
): Promise<{ changed: number; stockLeft: number }> => {
  const comparisons = await compareProducts(tx, products);
  const different = new Set(comparisons.filter(({ differs }) => differs).map(({ sku }) => sku));
  const isTouched = (row: Comparison) => row.differs || (setsStock && row.stockDiffers);
  const touched = comparisons.filter(isTouched).map(({ id }) => id);
  const stockLeft = setsStock ? 0 : comparisons.filter((row) => row.stockDiffers).length;
  if (touched.length === 0) return { changed: 0, stockLeft };

  const locked = await lockProducts(tx, touched);
  const changed = new Set(locked.filter(({ sku }) => different.has(sku)).map(({ id }) => id));
  if (different.size > 0) {
    await updateProducts(
      tx,
      products.filter(({ sku }) => different.has(sku)),
    );
  }
  if (setsStock) {
    const bySku = new Map(products.map((product) => [product.sku, product]));
    for (const id of await setStock(tx, locked, bySku, cause, lowStock)) changed.add(id);
  }
  return { changed: changed.size, stockLeft };
};

/**
 * Imports products into the product database.
 * @param lowStock the threshold at or below which a low stock event is written
 */
export const makePrismaCatalogueImport = (
  database: Database,
  lowStock: number,
): CatalogueImport => ({
  writeProducts: (products, cause, setsStock) =>
    database.$transaction(async (tx) => {
      await lockCatalogue(tx);
      const present = await findSkus(
        tx,
        products.map(({ sku }) => sku),
      );
      const [known, added] = [
        products.filter(({ sku }) => present.has(sku)),
        products.filter(({ sku }) => !present.has(sku)),
      ];
      if (added.length > 0) await insertProducts(tx, added, cause);
      const { changed, stockLeft } =
        known.length > 0
          ? await changeProducts(tx, known, cause, setsStock, lowStock)
          : { changed: 0, stockLeft: 0 };
      return { added: added.length, changed, unchanged: known.length - changed, stockLeft };
    }, BATCH_TIMEOUTS),
});
