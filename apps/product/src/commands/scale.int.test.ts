import { readdir } from 'node:fs/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { eventually } from '@cartograph/testing';
import { fillCatalogue } from './generate-catalogue.ts';
import { generateProduct } from './generate-product.ts';
import { openCatalogueCommand, type CatalogueCommand } from './test/open-catalogue-command.ts';

const COUNT = 4_000;

const opened: CatalogueCommand[] = [];

const open = async (): Promise<CatalogueCommand> => {
  const catalogue = await openCatalogueCommand();
  opened.push(catalogue);
  return catalogue;
};

afterEach(async () => {
  for (const catalogue of opened.splice(0)) await catalogue.close();
});

const makeLines = (count: number) =>
  Array.from({ length: count }, (_, index) => {
    const { price, ...product } = generateProduct(index, 7);
    const row = { ...product, priceCents: price.amount, currency: price.currency };
    return `${JSON.stringify(row)}\n`;
  }).join('');

/** Starts an import of many small batches, and waits until some of them are in. */
const startLongImport = async (catalogue: CatalogueCommand) => {
  await catalogue.write('many.jsonl', makeLines(COUNT));
  const running = catalogue.start(['import', 'many.jsonl', '--batch', '100']);
  await eventually(async () => expect(await catalogue.countProducts()).toBeGreaterThan(200));
  return running;
};

describe('an import that is cut off', () => {
  it('by SIGKILL loses nothing and doubles nothing when it is run again', async () => {
    const [whole, cut] = [await open(), await open()];
    await whole.write('many.jsonl', makeLines(COUNT));
    expect(await whole.run('import', 'many.jsonl')).toMatchObject({ code: 0 });

    const { child, ended } = await startLongImport(cut);
    child.kill('SIGKILL');
    expect((await ended).code).toBeNull();
    expect(await cut.countProducts()).toBeLessThan(COUNT);
    expect(await cut.run('check')).toMatchObject({ code: 0 });

    expect(await cut.run('import', 'many.jsonl')).toMatchObject({ code: 0 });
    expect(await cut.dump()).toEqual(await whole.dump());
    const check = await cut.run('check');
    expect(check).toMatchObject({ code: 0, out: expect.stringMatching(/the ledger balances\n$/) });
    expect(check.out).toMatch(new RegExp(`^${COUNT} products, `));
  });

  it('by Ctrl-C finishes its batch, says how to continue, and ends with 3', async () => {
    const catalogue = await open();
    const { child, ended } = await startLongImport(catalogue);
    child.kill('SIGINT');
    // npm passes the same key on a second time.
    child.kill('SIGINT');
    const { code, out, err } = await ended;
    expect(err).toMatch(/^Interrupted near line \d+\. Run it again to continue\.$/m);
    expect(code).toBe(3);
    const count = await catalogue.countProducts();
    expect(count).toBeLessThan(COUNT);
    expect(count % 100).toBe(0);
    expect(out).toContain(` read: ${count} added, `);
    const again = await catalogue.run('import', 'many.jsonl');
    expect(again.out).toContain(
      `${COUNT - count} added, 0 changed, ${count} unchanged, 0 rejected`,
    );
  });

  it('by Ctrl-C ends also while it waits for input', async () => {
    const catalogue = await open();
    const { child, ended } = catalogue.start(['import', '-', '--format', 'jsonl', '--batch', '1']);
    child.stdin?.write(makeLines(1));
    await eventually(async () => expect(await catalogue.countProducts()).toBe(1));
    child.kill('SIGINT');
    expect(await ended).toMatchObject({ code: 3, out: expect.stringContaining('1 added') });
  });
});

describe('catalogue:export', () => {
  it.each(['json', 'jsonl', 'csv'])(
    'writes %s that an import reads back unchanged',
    async (format) => {
      const [from, to] = [await open(), await open()];
      await fillCatalogue({ databaseUrl: from.database.url, count: 800 });
      const odd = [
        '=1+1',
        'a "quoted" name',
        'two\nlines\r\nthree\r',
        ' שלום, 🎩; ',
        'x'.repeat(200),
      ];
      const rows = odd.map((name, index) => ({
        ...generateProduct(index, 2),
        name,
        description: name,
      }));
      const text = rows.map(({ price, ...row }) =>
        JSON.stringify({ ...row, priceCents: price.amount }),
      );
      await from.feed(text.join('\n'), 'import', '-');
      await from.database.query(`UPDATE products SET archived_at = now() WHERE sku = 'GEN-1-3'`);

      const name = `all.${format}`;
      const exported = await from.run('export', name);
      expect(exported).toEqual({ code: 0, out: '', err: `804 products exported to ${name}\n` });
      const { code, out } = await to.run('import', from.pathOf(name));
      expect(out).toMatch(/^804 read: 804 added, 0 changed, 0 unchanged, 0 rejected/);
      expect(code).toBe(0);
      expect((await to.run('export', '-', '--format', format)).out).toBe(await from.read(name));
      expect(await from.read(name)).not.toContain('GEN-1-3"');
      expect((await readdir(from.pathOf('.'))).filter((file) => file.includes('.part'))).toEqual(
        [],
      );
    },
  );

  it('of an empty catalogue is an empty file of its format', async () => {
    const catalogue = await open();
    expect((await catalogue.run('export', '-')).out).toBe('[]\n');
    expect((await catalogue.run('export', '-', '--format', 'jsonl')).out).toBe('');
    const csv = (await catalogue.run('export', '-', '--format', 'csv')).out;
    expect(csv).toBe('sku,name,description,category,priceCents,currency,stock,imageUrl,images\n');
  });
});

describe('catalogue:generate', () => {
  it('adds N products of a seed once, however often it is run', async () => {
    const catalogue = await open();
    const first = await catalogue.run('generate', '1200', '--seed', '3');
    expect(first).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^1200 generated: 1200 added/),
    });
    const dump = await catalogue.dump();
    expect(dump[1_199]).toMatchObject({ sku: 'GEN-3-1199', name: generateProduct(1_199, 3).name });
    const more = await catalogue.run('generate', '1300', '--seed', '3');
    expect(more.out).toMatch(/^1300 generated: 100 added, 0 changed, 1200 unchanged/);
    expect((await catalogue.dump()).slice(0, 1_200)).toEqual(dump);
    expect(await catalogue.run('check')).toMatchObject({ code: 0 });
  });
});
