import { describe, expect, it } from 'vitest';
import { findDateFault, makeRowIsolatingReader, makeRowFilter } from './faulty-rows.ts';

describe('findDateFault', () => {
  it.each(['0000-01-01T00:00:00.000Z', '2026-01-31T12:00:00.000Z', '9999-12-31T23:59:59.999Z'])(
    'accepts a date that RFC 3339 can write: %s',
    (text) => {
      expect(findDateFault([new Date(text), null])).toBeNull();
    },
  );

  it.each([NaN, Date.parse('-000001-12-31T23:59:59.999Z'), Date.parse('+010000-01-01T00:00:00Z')])(
    'rejects a date that RFC 3339 cannot write: %d',
    (time) => {
      expect(findDateFault([null, new Date(), new Date(time)])).toBe('a date is not valid');
    },
  );
});

describe('makeRowFilter', () => {
  it('leaves out rows that have a fault, and reports them', () => {
    const reported: object[] = [];
    const isShown = makeRowFilter<number>((row) => reported.push(row), {
      table: 'numbers',
      idOf: String,
      findFault: (row) => (row % 2 === 0 ? null : 'is odd'),
    });
    expect([1, 2, 3, 4].filter(isShown)).toEqual([2, 4]);
    expect(reported).toEqual([
      { table: 'numbers', id: '1', fault: 'is odd' },
      { table: 'numbers', id: '3', fault: 'is odd' },
    ]);
  });
});

describe('makeRowIsolatingReader', () => {
  const openTable = (bad: readonly string[]) => {
    const reported: object[] = [];
    const read = makeRowIsolatingReader<string>((row) => reported.push(row), {
      table: 'letters',
      find: async (keys) => {
        if (keys.includes('down')) throw new Error('down');
        if (keys.some((key) => bad.includes(key))) throw new Error('unreadable');
        return keys.map((key) => key.toUpperCase());
      },
      isUnreadable: (error) => (error as Error).message === 'unreadable',
    });
    return { read, reported };
  };

  it.each(['', 'a', 'e', 'ac', 'abcde'])(
    'leaves out the rows that fail the read of the others: %p',
    async (bad) => {
      const { read, reported } = openTable([...bad]);
      const rows = await read([...'abcde']);
      expect(rows.join('').toLowerCase()).toBe(
        [...'abcde'].filter((key) => !bad.includes(key)).join(''),
      );
      expect(reported).toEqual(
        [...bad].map((id) => ({
          table: 'letters',
          id,
          fault: 'has a value that this version does not know',
        })),
      );
    },
  );

  it('fails when the database fails', async () => {
    const { read, reported } = openTable(['a']);
    await expect(read(['a', 'down'])).rejects.toThrow('down');
    expect(reported).toEqual([]);
  });
});
