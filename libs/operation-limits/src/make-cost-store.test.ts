import { Kind, type OperationDefinitionNode, OperationTypeNode } from 'graphql';
import { describe, expect, it, vi } from 'vitest';
import { makeCostStore } from './make-cost-store.ts';

const operation: OperationDefinitionNode = {
  kind: Kind.OPERATION_DEFINITION,
  operation: OperationTypeNode.QUERY,
  selectionSet: { kind: Kind.SELECTION_SET, selections: [] },
};

const countMeasured = (...requests: readonly Record<string, unknown>[]): number => {
  const store = makeCostStore();
  const measure = vi.fn(() => 1);
  for (const variables of requests) store.find(operation, variables, measure);
  return measure.mock.calls.length;
};

describe('the cost of an operation', () => {
  it.each([
    ['other texts', { id: 'a' }, { id: 'b' }],
    ['other numbers in an object', { filter: { minPrice: 1 } }, { filter: { minPrice: 2 } }],
    ['a text in place of a number in a list', { ids: [1] }, { ids: ['1'] }],
    ['true and false', { yes: true }, { yes: false }],
  ])('is measured once with %s', (_what, one, other) => {
    expect(countMeasured(one, other)).toBe(1);
  });

  it.each([
    ['another number', { first: 1 }, { first: 2 }],
    ['a number of another name', { first: 1 }, { last: 1 }],
    ['more items of a list', { ids: ['a'] }, { ids: ['a', 'b'] }],
    ['another field of an object', { filter: { minPrice: 1 } }, { filter: { maxPrice: 1 } }],
    ['null in an object', { filter: { minPrice: 1 } }, { filter: { minPrice: null } }],
    ['null in place of an object', { filter: {} }, { filter: null }],
    ['null', { first: 1 }, { first: null }],
    ['an item of a list', { ids: [] }, { ids: ['a'] }],
    ['a list in a list', { ids: [['a']] }, { ids: ['a'] }],
    ['a name that looks like two', { 'a":1,"b': 1 }, { a: 1, b: 1 }],
  ])('is measured anew with %s', (_what, one, other) => {
    expect(countMeasured(one, other)).toBe(2);
  });
});
