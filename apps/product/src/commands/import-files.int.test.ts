import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openCatalogueCommand, type CatalogueCommand } from './test/open-catalogue-command.ts';

let catalogue: CatalogueCommand;

beforeAll(async () => {
  catalogue = await openCatalogueCommand();
});

afterAll(() => catalogue.close());

describe('catalogue:import', () => {
  it.each([
    ['empty.csv', '', 'empty.csv is empty: nothing was imported.'],
    ['header.csv', 'sku,name,price\n', 'header.csv has no rows: nothing was imported.'],
    ['pipes.csv', 'sku|name|price\nA|a|1\n', 'None of its columns is known. '],
    ['zip.xlsx', 'PK\x03\x04xxxx', 'is a spreadsheet (.xlsx) or a ZIP archive'],
  ])('that imports nothing of %s says why and ends with 1', async (name, content, sentence) => {
    await catalogue.write(name, content);
    const { code, out, err } = await catalogue.run('import', name);
    expect({ code, out, err }).toEqual({
      code: 1,
      out: expect.stringContaining(': 0 added, 0 changed'),
      err: expect.stringContaining(sentence),
    });
  });

  it.each([
    ['header.csv', 'sku,name,price\nM-1,One,1\n', 'at line 1: it has no column "bestand", which '],
    [
      'rows.json',
      '[{"sku":"M-2","name":"Two","price":1}]',
      'No row has a column "bestand", which ',
    ],
  ])('says which column of --map %s does not have, and ends with 1', async (...given) => {
    const [name, content, sentence] = given;
    await catalogue.write(name, content);
    const { code, err } = await catalogue.run('import', name, '--map', 'stock=bestand');
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining(sentence) });
    const found = await catalogue.database.query(`SELECT sku FROM products WHERE sku = 'M-1'`);
    expect(found).toEqual([]);
  });

  it('finds a column of --map in another case', async () => {
    await catalogue.write('map.csv', 'sku,name,price,BESTAND\nMAP-1,One,1,5\n');
    const { code, err } = await catalogue.run('import', 'map.csv', '--map', 'stock=bestand');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(
      await catalogue.database.query(`SELECT stock FROM products WHERE sku = 'MAP-1'`),
    ).toEqual([{ stock: 5 }]);
  });

  it('refuses a header with two columns for one field', async () => {
    await catalogue.write('two.csv', 'sku,name,price,Price\nTWO-1,One,1,2\n');
    const { code, out, err } = await catalogue.run('import', 'two.csv');
    expect(out).toMatch(/^0 read: /);
    expect({ code, err }).toEqual({
      code: 1,
      err: 'The file is broken at line 1: "price" and "Price" are two columns for one field.\n',
    });
  });

  it('reads a file whose lines end in CR', async () => {
    await catalogue.write('mac.csv', 'sku,name,price\rCR-1,One,1\rCR-2,Two,2\r');
    const { code, out } = await catalogue.run('import', 'mac.csv');
    expect(out).toMatch(/^2 read: 2 added, 0 changed, 0 unchanged, 0 rejected; /);
    expect(code).toBe(0);
  });

  it('names a line with a bare quote and brings in those after it', async () => {
    const text = 'sku,name,price\nQ-1,One,1\nQ-2,12" lamp,2\nQ-3,"Three",3\n';
    await catalogue.write('quote.csv', text);
    const { code, out } = await catalogue.run('import', 'quote.csv');
    expect(out).toMatch(/^3 read: 2 added, 0 changed, 0 unchanged, 1 rejected; /);
    expect(code).toBe(1);
    expect(JSON.parse(await catalogue.read('quote.csv.rejects.jsonl'))).toEqual({
      line: 3,
      sku: null,
      reason: expect.stringMatching(/^a quote /),
      row: 'Q-2,12" lamp,2',
    });
  });

  it('keeps fields of empty cells, and clears fields of \\N', async () => {
    const header = 'sku,name,price,description,category,image,stock';
    const find = async () => {
      const [row] = await catalogue.database.query(
        `SELECT description, category, image_url, stock FROM products WHERE sku = 'KEEP'`,
      );
      return row;
    };
    const first = 'KEEP,A,1,Text,lamps,https://a.example/,7';
    await catalogue.feed(`${header}\n${first}\n`, 'import', '-');
    const kept = { description: 'Text', category: 'lamps', image_url: 'https://a.example/' };
    expect(await find()).toEqual({ ...kept, stock: 7 });
    const empty = { description: '', category: null, image: '', stock: null };
    for (const text of [
      `${header}\nKEEP,B,1,,,,\n`,
      JSON.stringify([{ sku: 'KEEP', name: 'C', price: 1, ...empty }]),
      JSON.stringify({ sku: 'KEEP', name: 'D', price: 1, ...empty }),
      'sku,name,price\nKEEP,E,1\n',
    ]) {
      const { out } = await catalogue.feed(text, 'import', '-', '--set-stock');
      expect(out).toMatch(/^1 read: 0 added, 1 changed/);
      expect(await find()).toEqual({ ...kept, stock: 7 });
    }
    await catalogue.feed(`${header}\nKEEP,F,1,\\N,\\N,\\N,\n`, 'import', '-');
    expect(await find()).toEqual({
      description: '',
      category: 'general',
      image_url: null,
      stock: 7,
    });
  });

  it('sends low stock events at the threshold of the service', async () => {
    await catalogue.write('low.csv', 'sku,name,price,stock\nLOW,A,1,9\n');
    await catalogue.run('import', 'low.csv');
    await catalogue.write('low.csv', 'sku,name,price,stock\nLOW,A,1,7\n');
    const env = { STOCK_LOW_THRESHOLD: '8' };
    await catalogue.start(['import', 'low.csv', '--set-stock'], env).ended;
    const events = await catalogue.database.query(
      `SELECT envelope->'data' AS data FROM events WHERE envelope->>'type' LIKE '%stock.low'`,
    );
    expect(events).toEqual([{ data: expect.objectContaining({ sku: 'LOW', threshold: 8 }) }]);
    const wrong = catalogue.start(['import', 'low.csv'], { STOCK_LOW_THRESHOLD: 'few' });
    expect(await wrong.ended).toMatchObject({
      code: 2,
      err: expect.stringContaining('STOCK_LOW_THRESHOLD'),
    });
  });
});
