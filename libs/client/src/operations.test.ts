import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { buildSchema, parse, validate } from 'graphql';
import { operations } from './operations.ts';

const schema = buildSchema(
  readFileSync(new URL('../../../apps/router/api.graphql', import.meta.url), 'utf8'),
);

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

  it('have no strings and no comments: spaces may be removed', () => {
    for (const { text } of operations) expect(text).not.toMatch(/["#]/);
  });
});
