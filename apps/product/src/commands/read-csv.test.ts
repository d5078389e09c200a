import { describe, expect, it } from 'vitest';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { MAX_ROW_LENGTH } from './source-row.ts';
import { plain, read } from './test/read-rows.ts';

describe('a fault of quotes', () => {
  it.each([
    ['3,4"', '3,4"', /^a quote stands within a cell/],
    ['3,"4"x', '3,"4"x', /^a quote stands within a cell/],
    ['"3"" screen,4', '"3"" screen,4', /^a quote /],
    ['3,"4', '3,"4', /^a quote /],
    ['3" "4",', '3" "4",', /^a quote stands within a cell/],
  ])('costs its line, and reading continues after it: %s', async (bad, value, fault) => {
    for (const end of ['\n', '\r\n', '\r']) {
      const text = ['a,b', '1,2', bad, '5,6', '"7\n","8"', '9,0'].join(end);
      for (const size of [1, 3, 7, 1_000]) {
        const { rows, broken } = await read('csv', text, size);
        expect({ end, size, broken }).toEqual({ end, size, broken: null });
        expect(plain({ rows, broken })).toEqual([
          { line: 2, value: { a: '1', b: '2' } },
          { line: 3, value, fault: expect.stringMatching(fault) },
          { line: 4, value: { a: '5', b: '6' } },
          { line: 5, value: { a: '7\n', b: '8' } },
          { line: 7, value: { a: '9', b: '0' } },
        ]);
      }
    }
  });

  it('costs one line, though it is not seen for a million characters', async () => {
    const rest = `${'5,6\n'.repeat(MAX_ROW_LENGTH / 4 + 10)}`;
    const { rows, broken } = await read('csv', `a,b\n3,"4\n${rest}`, 64 * 1024);
    expect(broken).toBeNull();
    expect(rows).toHaveLength(MAX_ROW_LENGTH / 4 + 11);
    expect(rows[0]).toMatchObject({ line: 2, value: '3,"4', fault: expect.any(String) });
    expect(rows.filter(({ fault }) => fault !== undefined)).toHaveLength(1);
  });
});

describe('CSV', () => {
  it.each([',', ';', '\t'])('finds the delimiter %j in the header', async (delimiter) => {
    const text = [
      ['a', 'b'],
      ['1;,', '2'],
    ].map((cells) => cells.map((cell) => `"${cell}"`).join(delimiter));
    expect(plain(await read('csv', text.join('\n')))[0]?.value).toEqual({ a: '1;,', b: '2' });
  });

  it('reads what another parser reads, where every quote is right', async () => {
    const cell = fc.string({
      unit: fc.constantFrom('a', '"', '\n', '\r', ',', ';', ' ', '🎩'),
      maxLength: 6,
    });
    const written = fc
      .tuple(cell, fc.boolean())
      .map(([text, isQuoted]) =>
        isQuoted || /["\r\n,]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text,
      );
    const end = fc.constantFrom('\n', '\r\n', '\r');
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(written, written), { maxLength: 6 }),
        end,
        fc.boolean(),
        fc.integer({ min: 1, max: 9 }),
        async (records, lineEnd, isEnded, size) => {
          const lines = [['x', 'y'], ...records].map((cells) => cells.join(','));
          const text = lines.join(lineEnd) + (isEnded ? lineEnd : '');
          const options = {
            columns: true as const,
            record_delimiter: lineEnd,
            skip_empty_lines: true,
          };
          const expected = parse<Record<string, string>>(text, options);
          const { rows, broken } = await read('csv', text, size);
          expect(broken).toBeNull();
          expect(plain({ rows, broken }).map(({ value }) => value)).toEqual(
            expected.map(({ x, y }) => ({ x: x || null, y: y || null })),
          );
        },
      ),
    );
  });

  it('reports a row with another number of cells, and continues', async () => {
    expect(plain(await read('csv', 'a,b\n1\n1,2,3\n1,2\n'))).toEqual([
      { line: 2, value: ['1'], fault: 'has 1 cells, the header has 2' },
      { line: 3, value: ['1', '2', '3'], fault: 'has 3 cells, the header has 2' },
      { line: 4, value: { a: '1', b: '2' } },
    ]);
  });

  it('takes any name of a column for a name', async () => {
    const { rows } = await read('csv', '__proto__,constructor,a\n1,2,3\n');
    expect(Object.entries(rows[0]?.value as object)).toEqual([
      ['__proto__', '1'],
      ['constructor', '2'],
      ['a', '3'],
    ]);
  });

  it('reports the line of every record, for any cells', async () => {
    const cell = fc.array(fc.constantFrom('a', '"', '\n', '\r\n', ',', ';', 'é'), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(cell, cell), { maxLength: 8 }), async (records) => {
        let text = 'x,y\r\n';
        const expected = records.map((cells) => {
          const line = text.split('\n').length;
          const values = cells.map((parts) => parts.join(''));
          text += `${values.map((value) => `"${value.replaceAll('"', '""')}"`).join(',')}\r\n`;
          return { line, value: { x: values[0] || null, y: values[1] || null } };
        });
        expect(plain(await read('csv', text))).toEqual(expected);
      }),
    );
  });
});
