import { describe, expect, it } from 'vitest';
import { problemCatalogue, type ProblemCode } from './catalogue.ts';
import { isProblem, problem, problemTypeName, validationFailed } from './problem.ts';

describe('a problem', () => {
  it("says the catalogue's sentence unless it has a better one", () => {
    expect(problem('OUT_OF_STOCK')).toEqual({
      kind: 'problem',
      code: 'OUT_OF_STOCK',
      message: problemCatalogue.OUT_OF_STOCK,
    });
    expect(problem('SKU_TAKEN', { sku: 'A' }, 'A is taken')).toEqual({
      kind: 'problem',
      code: 'SKU_TAKEN',
      message: 'A is taken',
      sku: 'A',
    });
  });

  it('can not be given another code by its details', () => {
    const details = { code: 'SKU_TAKEN', message: 'x', kind: 'order' };
    expect(problem('OUT_OF_STOCK', details)).toMatchObject({
      kind: 'problem',
      code: 'OUT_OF_STOCK',
      message: problemCatalogue.OUT_OF_STOCK,
    });
  });

  it('is distinguished from any other value', () => {
    expect(isProblem(problem('OUT_OF_STOCK'))).toBe(true);
    for (const value of [null, undefined, 'problem', 0, [], {}, { kind: 'order' }]) {
      expect(isProblem(value)).toBe(false);
    }
  });

  it('of fields names the first fault in its sentence and keeps them all', () => {
    const fields = [
      { path: 'items.0.quantity', message: 'must be 1 or more' },
      { path: '', message: 'is not allowed' },
    ];
    expect(validationFailed(fields)).toMatchObject({
      code: 'VALIDATION_FAILED',
      message: 'items.0.quantity: must be 1 or more',
      fields,
    });
    expect(validationFailed(fields.slice(1)).message).toBe('input: is not allowed');
    expect(validationFailed([]).message).toBe(problemCatalogue.VALIDATION_FAILED);
  });
});

describe('the GraphQL type of a problem', () => {
  it.each<[ProblemCode, string]>([
    ['OUT_OF_STOCK', 'OutOfStockProblem'],
    ['EMAIL_TAKEN', 'EmailTakenProblem'],
    ['VALIDATION_FAILED', 'ValidationFailedProblem'],
  ])('of %s is %s', (code, type) => {
    expect(problemTypeName(code)).toBe(type);
  });

  it('is another for each code', () => {
    const codes = Object.keys(problemCatalogue) as ProblemCode[];
    expect(new Set(codes.map(problemTypeName)).size).toBe(codes.length);
  });
});
