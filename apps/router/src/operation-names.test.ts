import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Kind, parse } from 'graphql';
import {
  MAX_OPERATION_NAMES,
  makeNameChoice,
  operationNames,
  REST_OPERATIONS,
} from './operation-names.ts';

const FOLDER = new URL('../../rest/operations/', import.meta.url);

describe('the names of operations in metrics', () => {
  it('are those of the REST API', () => {
    const names = readdirSync(FOLDER).flatMap((file) =>
      parse(readFileSync(new URL(file, FOLDER), 'utf8')).definitions.flatMap((definition) =>
        definition.kind === Kind.OPERATION_DEFINITION ? (definition.name?.value ?? []) : [],
      ),
    );
    expect([...REST_OPERATIONS]).toEqual(names.sort());
  });

  it('are those that are configured, and no others', () => {
    const nameOf = makeNameChoice(operationNames().parse(' Home , Search'));
    expect(nameOf({ query: 'query Home { me { id } }' })).toBe('Home');
    expect(nameOf({ query: '{ me { id } }', operationName: 'Search' })).toBe('Search');
    expect(nameOf({ query: '\n  mutation PayOrder($input: PayOrderInput!) { x }' })).toBe(
      'PayOrder',
    );
    for (const query of ['{ a }', ' query { a }', 'query ($a: Int) { a }', 'mutation @x { a }']) {
      expect([query, nameOf({ query })]).toEqual([query, 'anonymous']);
    }
    const others = [
      null,
      {},
      { query: 7 },
      { query: 'query Made1 { a }' },
      { query: '{ a }', operationName: 'Made2' },
      { query: 'fragment F on A { a } query Home { ...F }' },
      { extensions: { persistedQuery: { sha256Hash: 'x' } } },
    ];
    for (const parameters of others) expect(nameOf(parameters)).toBe('other');
  });

  it('are refused when they are no names, or too many', () => {
    expect(operationNames().parse(undefined)).toEqual([]);
    expect(operationNames().safeParse('a b').success).toBe(false);
    const names = Array.from({ length: MAX_OPERATION_NAMES }, (_, n) => `Name${n}`);
    const left = MAX_OPERATION_NAMES - REST_OPERATIONS.length;
    expect(operationNames().safeParse(names.slice(0, left).join()).success).toBe(true);
    expect(operationNames().safeParse(names.slice(0, left + 1).join()).success).toBe(false);
  });
});
