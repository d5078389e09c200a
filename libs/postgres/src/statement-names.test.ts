import { describe, expect, it } from 'vitest';
import { allowsPreparing, statementNameOf } from './statement-names.ts';

describe('the name of a statement', () => {
  it('is that of its comment, and the same for the same text', () => {
    expect(statementNameOf('/* test.first */ SELECT 1')).toBe('test.first');
    expect(statementNameOf('/* test.first */ SELECT 2')).toBe('test.first:2');
    expect(statementNameOf('/* test.first */ SELECT 1')).toBe('test.first');
  });

  it.each(['SELECT 1', '/* Two words */ SELECT 1', `/* ${'x'.repeat(60)} */`, ' /* late */'])(
    'is missing for %j',
    (text) => {
      expect(statementNameOf(text)).toBeUndefined();
    },
  );

  it('is given to a bounded number of statements, and of variants', () => {
    const nameAll = (toText: (index: number) => string) =>
      Array.from({ length: 1_000 }, (_, index) => statementNameOf(toText(index))).filter(
        (name) => name !== undefined,
      );
    expect(nameAll((index) => `/* test.variant */ SELECT ${index}`)).toHaveLength(20);
    const named = nameAll((index) => `/* test.a${index} */ SELECT 1`);
    expect(named.length).toBeGreaterThan(400);
    expect(named.length).toBeLessThan(500);
    expect(new Set(named).size).toBe(named.length);
  });
});

describe('an address', () => {
  it('allows prepared statements unless it says otherwise', () => {
    const address = 'postgres://shop@localhost:5432/shop_order';
    expect(allowsPreparing(address)).toBe(true);
    expect(allowsPreparing(`${address}?prepared_statements=true`)).toBe(true);
    expect(allowsPreparing(`${address}?sslmode=require&prepared_statements=false`)).toBe(false);
  });
});
