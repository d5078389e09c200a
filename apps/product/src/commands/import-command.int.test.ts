import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openCatalogueCommand, type CatalogueCommand } from './test/open-catalogue-command.ts';

let catalogue: CatalogueCommand;

beforeAll(async () => {
  catalogue = await openCatalogueCommand();
});

afterAll(() => catalogue.close());

/** The shape that a supplier sends. */
const supplied = (sku: string, fields: object = {}) => ({
  sku,
  title: `Thing ${sku}`,
  description: 'A thing.',
  category: 'womens-dresses',
  brand: 'Somebody',
  price: 9.99,
  stock: 5,
  tags: ['a', 'b'],
  thumbnail: 'https://example.com/a.webp',
  weight: 4,
  ...fields,
});

const pretty = (rows: readonly object[]) => JSON.stringify(rows, null, 1);

const readRejects = async (name: string) =>
  (await catalogue.read(name))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

describe('catalogue:import', () => {
  it('imports a file without options, and changes nothing the second time', async () => {
    const rows = Array.from({ length: 50 }, (_, index) => supplied(`TWICE-${index}`));
    await catalogue.write('twice.json', pretty(rows));
    const first = await catalogue.run('import', 'twice.json');
    expect(first).toMatchObject({ code: 0, err: '' });
    expect(first.out).toMatch(/^50 read: 50 added, 0 changed, 0 unchanged, 0 rejected; /);
    expect(first.out).toContain('ignored columns: brand, tags, weight\n');
    const dump = await catalogue.dump();
    expect(dump[0]).toMatchObject({
      sku: 'TWICE-0',
      name: 'Thing TWICE-0',
      category: 'womens-dresses',
      price_cents: '999',
      currency: 'EUR',
      stock: 5,
      image_url: 'https://example.com/a.webp',
      movements: ['(ADJUSTED,5,0,import,"import of twice.json")'],
    });
    const second = await catalogue.run('import', 'twice.json');
    expect(second.out).toMatch(/^50 read: 0 added, 0 changed, 50 unchanged, 0 rejected; /);
    expect(second.code).toBe(0);
    expect(await catalogue.dump()).toEqual(dump);
    await expect(catalogue.read('twice.json.rejects.jsonl')).rejects.toThrow('ENOENT');
  });

  it('imports valid rows and reports the others with line and reason', async () => {
    const good = [supplied('GOOD-1'), supplied('GOOD-2', { title: '=1+1 🎩 שלום' })];
    const lines = [
      JSON.stringify(good[0]),
      '',
      '{"sku":',
      JSON.stringify(supplied('NUL', { title: 'a\0b' })),
      JSON.stringify(supplied('HALF', { description: '\ud800' })),
      JSON.stringify(supplied('LONG', { title: 'x'.repeat(10_240) })),
      JSON.stringify(supplied('NEGATIVE', { price: -1, stock: -1 })),
      JSON.stringify(supplied('DIGITS', { price: 9.999 })),
      JSON.stringify(supplied('HUGE')).replace('9.99', '1e400'),
      JSON.stringify(supplied('NESTED', { title: { en: 'x' } })),
      JSON.stringify({ ...supplied('X'), sku: undefined }),
      '{"__proto__":{"sku":"PROTO"}}',
      '[1]',
      `${'['.repeat(20_000)}${']'.repeat(20_000)}`,
      JSON.stringify(supplied('GOOD-1', { title: 'Again' })),
      JSON.stringify(good[1]),
    ];
    await catalogue.write('bad.jsonl', lines.join('\n'));
    const { code, out } = await catalogue.run('import', 'bad.jsonl');
    expect(out).toMatch(/^15 read: 2 added, 0 changed, 0 unchanged, 13 rejected; /);
    expect(out).toContain('the rejected rows and why: bad.jsonl.rejects.jsonl\n');
    expect(code).toBe(1);
    const rejects = await readRejects('bad.jsonl.rejects.jsonl');
    expect(rejects.map(({ line, sku, reason }) => [line, sku, reason])).toEqual([
      [3, null, 'is not JSON'],
      [4, 'NUL', 'name: must not contain the NUL character'],
      [5, 'HALF', 'description: has half of a character'],
      [6, 'LONG', 'name: must have 200 characters or fewer'],
      [7, 'NEGATIVE', 'price: must be 0 or more; stock: must be 0 or more'],
      [8, 'DIGITS', 'price: has more than 2 decimals'],
      [9, 'HUGE', 'price: must be 9007199254740991 or less'],
      [10, 'NESTED', 'name: must be text'],
      [11, null, 'sku: is missing'],
      [12, null, expect.stringContaining('sku: is missing')],
      [13, null, 'is not an object'],
      [14, null, 'is nested too deeply'],
      [15, 'GOOD-1', 'sku: was in line 1 already'],
    ]);
    expect(rejects[6].row).toMatchObject({ sku: 'HUGE', tags: ['a', 'b'] });
    expect(await catalogue.read('bad.jsonl.rejects.jsonl')).toContain('"price":1e400');
    const [row] = await catalogue.database.query(`SELECT name FROM products WHERE sku = 'GOOD-2'`);
    expect(row).toEqual({ name: '=1+1 🎩 שלום' });
  });

  it.each([['broken.json', `[\n${JSON.stringify(supplied('BROKEN-1'))},\n{"sku" "x"}\n]`, 3]])(
    'brings in what comes before the break of %s, and names its line',
    async (...given) => {
      const [name, content, line] = given;
      await catalogue.write(name, content);
      const { code, out, err } = await catalogue.run('import', name);
      expect(out).toMatch(/^1 read: 1 added/);
      expect(err).toContain(`The file is broken at line ${line}: `);
      expect(code).toBe(1);
    },
  );

  it('reads standard input, semicolons, other columns and another currency', async () => {
    const text =
      '\uFEFFsku;Bezeichnung;description;category;price;stock\r\nJPY-1;"Eine\nSache";;Ding & Co;1500;2\r\n';
    const { code, out } = await catalogue.feed(
      text,
      ...['import', '-', '--map', 'name=Bezeichnung', '--currency', 'jpy', '--batch', '1'],
    );
    expect(out).toMatch(/^1 read: 1 added/);
    expect(code).toBe(0);
    const [row] = (await catalogue.dump()).slice(-1);
    expect(row).toMatchObject({
      name: 'Eine\nSache',
      category: 'ding-co',
      price_cents: '1500',
      currency: 'JPY',
      movements: ['(ADJUSTED,2,0,import,"import of standard input")'],
    });
  });

  it('keeps stock and reports it, unless --set-stock is given', async () => {
    await catalogue.write('stock.json', pretty([supplied('STOCK')]));
    await catalogue.run('import', 'stock.json');
    await catalogue.write('stock.json', pretty([supplied('STOCK', { stock: 9 })]));
    const left = await catalogue.run('import', 'stock.json');
    expect(left.out).toContain('1 have another stock than the file and keep it');
    expect((await catalogue.dump()).at(-1)).toMatchObject({ stock: 5 });
    const set = await catalogue.run('import', 'stock.json', '--set-stock');
    expect(set.out).toMatch(/^1 read: 0 added, 1 changed/);
    expect((await catalogue.dump()).at(-1)).toMatchObject({ stock: 9, version: 1 });
    expect(await catalogue.run('check')).toMatchObject({ code: 0 });
  });

  it('ends with 2 for an invalid command line, and with 0 for --help', async () => {
    for (const args of [['import', 'twice.json', '--nonsense'], ['toString'], []]) {
      const { code, out, err } = await catalogue.run(...args);
      expect({ code, out, err }).toEqual({ code: 2, out: '', err: expect.stringMatching(/Usage/) });
    }
    for (const args of [['import', '--help'], ['--help']]) {
      const { code, out, err } = await catalogue.run(...args);
      expect({ code, out, err }).toEqual({
        code: 0,
        out: expect.stringMatching(/^Usage/),
        err: '',
      });
    }
  });

  it('ends with 3 and one sentence when the database can not be reached', async () => {
    const url = 'postgres://shop:secret-word@127.0.0.1:1/shop';
    const { ended } = catalogue.start(['import', 'twice.json'], { PRODUCT_DATABASE_URL: url });
    expect(await ended).toEqual({
      code: 3,
      out: '',
      err: "The product database at 127.0.0.1:1 can't be reached. Is the shop running?\n",
    });
  });
});

describe('catalogue:check', () => {
  it('names imbalances, and ends with 1', async () => {
    await catalogue.database.query(`UPDATE products SET stock = 1 WHERE sku = 'STOCK'`);
    const { code, out } = await catalogue.run('check');
    expect(out).toContain('STOCK: stock 1, ledger 9; held 0, ledger 0\n');
    expect(out).toMatch(/\d+ products, \d+ movements: 1 do not balance\n$/);
    expect(code).toBe(1);
  });

  it('names hidden products, as an export does', async () => {
    const [product] = await catalogue.database.query<{ id: string }>(
      `SELECT id FROM products WHERE sku = 'GOOD-1'`,
    );
    await catalogue.database.query('ALTER TABLE products DROP CONSTRAINT products_currency_check');
    await catalogue.database.query(`UPDATE products SET currency = 'ERU' WHERE sku = 'GOOD-1'`);
    const check = await catalogue.run('check');
    expect(check.code).toBe(1);
    expect(check.out).toContain(
      `GOOD-1 (${product?.id}): is hidden, currency: is not a currency\n`,
    );
    const { code, out, err } = await catalogue.run('export', '-', '--format', 'jsonl');
    expect(code).toBe(1);
    expect(err).toContain(`${product?.id}: currency: is not a currency\n`);
    expect(out).not.toContain('"GOOD-1"');
    expect(out).toContain('"GOOD-2"');
  });
});
