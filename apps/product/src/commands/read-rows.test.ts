import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { MAX_ROW_LENGTH } from './source-row.ts';
import { plain, read, readBytes } from './test/read-rows.ts';

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

  it.each([
    ['CR', '\r'],
    ['CR LF', '\r\n'],
    ['LF', '\n'],
  ])('may end its lines in %s', async (_name, end) => {
    const text = {
      json: ['[', '{"a":1},', '{"a":2}', ']'],
      jsonl: ['', '{"a":1}', '{"a":2}', ''],
      csv: ['a', '1', '2', ''],
    }[format].join(end);
    const [one, two] = format === 'csv' ? ['1', '2'] : [1, 2];
    for (const size of [1, 2, 3, 5, 1_000]) {
      expect(plain(await read(format, text, size))).toEqual([
        { line: 2, value: { a: one } },
        { line: 3, value: { a: two } },
      ]);
    }
  });

  it.each(['utf-16le', 'utf-16be'])('may be %s, when it begins with its mark', async (encoding) => {
    const marked = `\uFEFF${FILES[format].replace('\uFEFF', '')}`;
    const bytes = Buffer.from(marked, 'utf16le');
    if (encoding === 'utf-16be') bytes.swap16();
    for (const size of [1, 3, 10_000]) {
      const outcome = await readBytes(format, Buffer.from(bytes), size);
      expect(plain(outcome)).toEqual(ROWS[format]);
      expect(outcome.broken).toBeNull();
    }
    const cut = await readBytes(format, bytes.subarray(0, -1));
    expect(cut.broken).toMatch(/ends in the middle of a character$/);
  });

  it.each([
    ['gzip', gzipSync('sku,name,price\nA,b,1\n'), /^line 1: is compressed \(gzip\)/],
    ['a spreadsheet', Buffer.from('PK\x03\x04rest'), /^line 1: is a spreadsheet \(.xlsx\)/],
    ['UTF-16 without a mark', Buffer.from('sku,name', 'utf16le'), /^line 1: begins with NUL bytes/],
    ['UTF-32', Buffer.from('fffe000073000000', 'hex'), /^line 1: is UTF-32/],
    ['zeros', Buffer.alloc(5_000), /^line 1: begins with NUL bytes/],
  ])('is not %s, and says so', async (_what, bytes, sentence) => {
    for (const size of [1, bytes.length]) {
      const { rows, broken } = await readBytes(format, bytes, size);
      expect(rows).toEqual([]);
      expect(broken).toMatch(sentence);
    }
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
    ['csv', 'a,"b\n1,2\n', 0, 'line 1: a quote is opened and never closed'],
    ['csv', 'a",b\n1,2\n', 0, /^line 1: a quote stands within a cell/],
    ['csv', 'a,b,a\n1,2,3\n', 0, 'line 1: the column "a" comes twice'],
  ] as const)('of %s, %j, gives what came before and names the line', async (...given) => {
    const [format, text, count, reason] = given;
    const { rows, broken } = await read(format, text);
    expect(rows).toHaveLength(count);
    if (typeof reason === 'string') expect(broken).toBe(reason);
    else expect(broken).toMatch(reason);
  });

  it('of JSON Lines continues after the line', async () => {
    const outcome = await read('jsonl', '{"a":1}\n{"a":\n{"a":3}\n');
    expect(outcome.broken).toBeNull();
    expect(plain(outcome)).toEqual([
      { line: 1, value: { a: 1 } },
      { line: 2, value: '{"a":', fault: 'is not JSON' },
      { line: 3, value: { a: 3 } },
    ]);
  });
});
