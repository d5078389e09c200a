import { stringify } from 'csv-stringify/sync';
import type { Product } from '../domain/product.ts';
import type { Format } from './open-source.ts';

const COLUMNS = [
  'sku',
  'name',
  'description',
  'category',
  'priceCents',
  'currency',
  'stock',
  'imageUrl',
] as const;

type Row = Readonly<Record<(typeof COLUMNS)[number], string | number | null>>;

/** What an import takes back: nothing of this database, such as ids, versions and times. */
const toRow = ({ price, ...product }: Product): Row => ({
  sku: product.sku,
  name: product.name,
  description: product.description,
  category: product.category,
  priceCents: price.amount,
  currency: price.currency,
  stock: product.stock,
  imageUrl: product.imageUrl,
});

type Pages = AsyncIterable<readonly Product[]>;

async function* writeJson(pages: Pages): AsyncGenerator<string> {
  let separator = '[\n';
  for await (const products of pages) {
    yield separator + products.map((product) => JSON.stringify(toRow(product))).join(',\n');
    separator = ',\n';
  }
  yield separator === ',\n' ? '\n]\n' : '[]\n';
}

async function* writeJsonLines(pages: Pages): AsyncGenerator<string> {
  for await (const products of pages) {
    yield products.map((product) => `${JSON.stringify(toRow(product))}\n`).join('');
  }
}

async function* writeCsv(pages: Pages): AsyncGenerator<string> {
  yield `${COLUMNS.join(',')}\n`;
  // A carriage return that is not quoted would be taken for the end of a line.
  for await (const products of pages) {
    yield stringify(products.map(toRow), { columns: [...COLUMNS], quoted_match: /[\r\n]/ });
  }
}

const WRITERS = { json: writeJson, jsonl: writeJsonLines, csv: writeCsv };

/** The text of a catalogue, one row a line, in pieces. */
export const writeCatalogue = (pages: Pages, format: Format): AsyncGenerator<string> =>
  WRITERS[format](pages);
