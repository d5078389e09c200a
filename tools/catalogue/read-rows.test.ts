import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readCsv } from './read-csv.ts';
import { readJson } from './read-json.ts';
import { readJsonLines } from './read-json-lines.ts';
import { readText } from './read-text.ts';
import { BrokenFile, MAX_ROW_LENGTH, type SourceRow } from './source-row.ts';

const READERS = { json: readJson, jsonl: readJsonLines, csv: readCsv };

type Outcome = { rows: SourceRow[]; broken: string | null };

/** Reads bytes that come in pieces of `size`. */
const readBytes = async (
  format: keyof typeof READERS,
  bytes: Buffer,
  size = bytes.length || 1,
): Promise<Outcome> => {
  const pieces = async function* () {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  };
  const rows: SourceRow[] = [];
  try {
    for await (const some of READERS[format](readText(pieces()))) rows.push(...some);
    return { rows, broken: null };
  } catch (error) {
    if (!(error instanceof BrokenFile)) throw error;
    return { rows, broken: error.message };
  }
};

const read = (format: keyof typeof READERS, text: string, size?: number) =>
  readBytes(format, Buffer.from(text), size);

const plain = ({ rows }: Outcome) =>
  JSON.parse(JSON.stringify(rows)) as { line: number; value: unknown; fault?: string }[];

const FILES = {
  json: '\uFEFF\r\n[\n  { "a": "é🎩\\n\\"x" }, { "a": 2 },\n\n  {\n    "a": [1, {}]\n  }\n]\n',
  jsonl: '\uFEFF{"a":"é🎩\\n\\"x"}\r\n{"a":2}\n\n\n{"a":[1,{}]}',
  csv: '\uFEFFa;b\r\n"é🎩\n""x";1\r\n\r\n2;\r\n"\r\n\r\n";3',
};

/** What some parsers change without a word. */
const ODD = {
  json: '[{"a":"x\\u0000"},{"a":"half \\ud83d"},{"a":"\\ud83c\\udfa9"},{"a":9.990}]',
  jsonl: '{"a":"x\\u0000"}\n{"a":"half \\ud83d"}\n{"a":"\\ud83c\\udfa9"}\n{"a":9.990}',
};

const ROWS = {
  json: [
    { line: 3, value: { a: 'é🎩\n"x' } },
    { line: 3, value: { a: 2 } },
    { line: 5, value: { a: [1, {}] } },
  ],
  jsonl: [
    { line: 1, value: { a: 'é🎩\n"x' } },
    { line: 2, value: { a: 2 } },
    { line: 5, value: { a: [1, {}] } },
  ],
  csv: [
    { line: 2, value: { a: 'é🎩\n"x', b: '1' } },
    { line: 5, value: { a: '2', b: null } },
    { line: 6, value: { a: '\r\n\r\n', b: '3' } },
  ],
};

describe.each(['json', 'jsonl', 'csv'] as const)('a file of %s', (format) => {
  it('is read row by row, each with the line that it begins on', async () => {
    expect(plain(await read(format, FILES[format]))).toEqual(ROWS[format]);
  });

  it('is the same in pieces of any size, though characters are cut', async () => {
    for (let size = 1; size < 20; size += 1) {
      const outcome = await read(format, FILES[format], size);
      expect({ size, rows: plain(outcome) }).toEqual({ size, rows: ROWS[format] });
    }
  });

  it('may be empty', async () => {
    expect((await read(format, '')).rows).toEqual([]);
  });

  it('is broken where it is not UTF-8, and good before that', async () => {
    const bytes = Buffer.concat([Buffer.from(FILES[format]), Buffer.from([0x0a, 0xe9, 0x0a])]);
    const { rows, broken } = await readBytes(format, bytes);
    expect(plain({ rows, broken }).slice(0, 2)).toEqual(ROWS[format].slice(0, 2));
    const line = FILES[format].split('\n').length + 1;
    expect(broken).toBe(`line ${line}: is not UTF-8 text`);
  });

  it('does not fill the memory with a row that has no end', async () => {
    const begun = { json: '[\n{"a":"', jsonl: '{}\n{"a":"', csv: 'a\n"' }[format];
    const text = begun + 'x'.repeat(MAX_ROW_LENGTH + 100);
    const { broken } = await read(format, text, 64 * 1024);
    expect(broken).toMatch(/^line 2: has more than 1000000 characters/);
  });
});

describe('numbers of JSON', () => {
  it.each(['json', 'jsonl'] as const)('stay as they were written in %s', async (format) => {
    const text = '[90071992547409.91, 9.990, 1e400, 5, -0.5]';
    const { rows } = await read(format, format === 'json' ? `[${text}]` : text);
    expect(JSON.stringify(rows[0]?.value)).toBe(text.replaceAll(' ', ''));
  });
});

describe('what some parsers change without a word', () => {
  it.each(['json', 'jsonl'] as const)('comes as it was written in %s', async (format) => {
    for (const size of [1, 3, 7, 1_000]) {
      const { rows } = await read(format, ODD[format], size);
      const values = rows.map(({ value }) => (value as { a: unknown }).a);
      expect(values.slice(0, 3)).toEqual(['x\0', 'half \ud83d', '\u{1f3a9}']);
      expect(JSON.stringify(values[3])).toBe('9.990');
    }
  });
});

describe('a broken file', () => {
  it.each([
    ['json', '[\n{"a":1},\n{"a":2},\n{"a":}\n]', 2, 'line 4: is not JSON'],
    ['json', '[\n{"a":1},\n{"a":2}', 2, 'line 3: ends before its JSON does'],
    ['json', '[\n{"a":1}\n]\nx', 1, 'line 4: is not JSON'],
    ['json', '{"a":1}', 0, 'line 1: must be an array; for one object a line say --format jsonl'],
    ['csv', 'a,b\n1,2\n3,"4\n5,6\n', 1, 'line 3: a quote is opened and never closed'],
    ['csv', 'a,b\n1,2\n3,4"\n5,6\n', 1, /^line 3: a quote stands within a cell/],
    ['csv', 'a,b\n1,2\n3,"4"x\n', 1, /^line 3: a quote stands within a cell/],
    ['csv', 'a,b,a\n1,2,3\n', 0, 'line 1: the column "a" comes twice'],
  ] as const)('of %s, %j, gives what came before and names the line', async (...given) => {
    const [format, text, count, reason] = given;
    const { rows, broken } = await read(format, text);
    expect(rows).toHaveLength(count);
    if (typeof reason === 'string') expect(broken).toBe(reason);
    else expect(broken).toMatch(reason);
  });

  it('of JSON Lines goes on after the line', async () => {
    const outcome = await read('jsonl', '{"a":1}\n{"a":\n{"a":3}\n');
    expect(outcome.broken).toBeNull();
    expect(plain(outcome)).toEqual([
      { line: 1, value: { a: 1 } },
      { line: 2, value: '{"a":', fault: 'is not JSON' },
      { line: 3, value: { a: 3 } },
    ]);
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

  it('tells a row with another number of cells, and goes on', async () => {
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

  it('knows the line of every record, whatever is in its cells', async () => {
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
