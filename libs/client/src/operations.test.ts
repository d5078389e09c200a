import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { buildSchema, parse, validate } from 'graphql';
import { operations } from './operations.ts';

const readSchema = (name: string) =>
  buildSchema(readFileSync(new URL(`../../../apps/router/${name}`, import.meta.url), 'utf8'));

const schema = readSchema('api.graphql');

describe('the operations of the client', () => {
  it('have ids by which a router registers their texts', () => {
    expect(operations.length).toBeGreaterThan(10);
    for (const { id, name, text } of operations) {
      expect([name, id]).toEqual([name, createHash('sha256').update(text).digest('hex')]);
    }
  });

  it('are valid as they are sent, have a name, and say whether they change something', () => {
    for (const { name, text, isQuery } of operations) {
      expect([name, validate(schema, parse(text))]).toEqual([name, []]);
      expect(text.startsWith(`${isQuery ? 'query' : 'mutation'} ${name}`)).toBe(true);
    }
  });

  it('are part of the public contract, except for what administrators do', () => {
    const contract = readSchema('public.graphql');
    const others = operations.filter(({ text }) => validate(contract, parse(text)).length > 0);
    expect(others.map(({ name }) => name)).toEqual(['RefundPayment']);
  });

  it('have no strings and no comments: spaces may be removed', () => {
    for (const { text } of operations) expect(text).not.toMatch(/["#]/);
  });
});
