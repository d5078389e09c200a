import { describe, expect, it } from 'vitest';
import { leastCpuMs } from '@cartograph/testing';
import { buildSchema, GraphQLError, parse, type OperationDefinitionNode } from 'graphql';
import { checkVariables } from './check-variables.ts';

const schema = buildSchema(`
  enum Sort { NEWEST OLDEST }
  scalar Any
  input Line { id: ID! quantity: Int! }
  input Order { lines: [Line!]! note: String sort: Sort any: Any }
  type Query { order(input: Order, first: Int): Int }
`);

const { definitions } = parse('query ($input: Order, $first: Int) { order(input: $input) }');
const operation = definitions[0] as OperationDefinitionNode;

/** The error of checkVariables; null when there is none. */
const faultOf = (variables: Record<string, unknown>, maxValues = 1_000): GraphQLError | null => {
  try {
    checkVariables(schema, operation, variables, maxValues);
    return null;
  } catch (error) {
    if (error instanceof GraphQLError) return error;
    throw error;
  }
};

const lines = [{ id: 'a', quantity: 1 }];

const repeat = <Value>(count: number, value: Value): Value[] => Array<Value>(count).fill(value);

const manyFields = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`field${index}`, 1]));

describe('checkVariables', () => {
  it('accepts valid variables with texts of any length', () => {
    expect(faultOf({})).toBeNull();
    expect(faultOf({ input: { lines, note: 'x'.repeat(1_000_000) }, first: 3 })).toBeNull();
    expect(faultOf({ input: { lines, any: { of: [{ any: null }] }, sort: 'NEWEST' } })).toBeNull();
  });

  it.each<[string, Record<string, unknown>, RegExp]>([
    ['a text for a number', { first: '1' }, /\$first/],
    ['a long text for a number', { first: '1'.repeat(1_000_000) }, /\$first/],
    ['a long name of an enum', { input: { lines, sort: 'N'.repeat(1_000_000) } }, /"input\.sort"/],
    ['an unknown field', { input: { lines, more: 1 } }, /Field "more" is not defined/],
    ['a number for an object', { input: { lines: repeat(900, 1) } }, /"input\.lines\[0\]"/],
    ['a null in a list', { input: { lines: [null] } }, /"input\.lines\[0\]"/],
    ['a number beyond all numbers', { input: { lines, any: Infinity } }, /a number is too large/],
    ['one below all numbers', { input: { lines, any: [-Infinity] } }, /a number is too large/],
    ['101 fields', { input: { lines, any: manyFields(101) } }, /100 fields or fewer/],
    ['101 variables', manyFields(101), /100 fields or fewer/],
    ['a name of 101 characters', { input: { ['x'.repeat(101)]: 1 } }, /100 characters or fewer/],
  ])('refuses %s with one short error', (_what, variables, message) => {
    const fault = faultOf(variables);
    expect(fault?.message).toMatch(message);
    expect(fault?.message.length).toBeLessThan(1_000);
    expect(fault?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', http: { status: 400 } });
  });

  it.each<[string, Record<string, unknown>, string, RegExp]>([
    ['a variable', { first: '1' }, 'first', /^Int cannot represent/],
    [
      'a field',
      { input: { lines, sort: 'MIDDLE' } },
      'input.sort',
      /^Value "MIDDLE" does not exist/,
    ],
    [
      'a field of an item',
      { input: { lines: [lines[0], { id: 'b', quantity: 0.5 }] } },
      'input.lines.1.quantity',
      /^Int cannot represent/,
    ],
    [
      'an object with a missing field',
      { input: { lines: [{ id: 'a' }] } },
      'input.lines.0',
      /"quantity"/,
    ],
    ['an object with a field too many', { input: { lines, notes: 'x' } }, 'input', /"notes"/],
  ])('names %s that is not of its type', (_what, variables, argument, fault) => {
    const extensions = faultOf(variables)?.extensions;
    expect(extensions).toMatchObject({ argument, fault: expect.stringMatching(fault) });
    expect(JSON.stringify(extensions)).not.toContain('Did you mean');
  });

  it('limits the number of values', () => {
    // Each line is an object with two values; input and lines are two more.
    expect(faultOf({ input: { lines: repeat(6, lines[0]) } }, 20)).toBeNull();
    expect(faultOf({ input: { lines: repeat(6, lines[0]) } }, 19)?.message).toMatch(/19 values/);
  });

  it('limits the depth', () => {
    const nest = (depth: number): unknown => (depth === 0 ? 1 : [nest(depth - 1)]);
    expect(faultOf({ input: { lines, any: nest(10) } })).toBeNull();
    expect(faultOf({ input: { lines, any: nest(30) } })?.message).toMatch(/20 deep or less/);
    const deepest: unknown = JSON.parse('['.repeat(200_000) + ']'.repeat(200_000));
    expect(faultOf({ input: { lines, any: deepest } })?.message).toMatch(/20 deep or less/);
  });

  it('spends no more time on many faults than on one', async () => {
    const check = (input: object) => () =>
      expect(faultOf({ input }, 100_000)?.message.length).toBeLessThan(3_000);
    // graphql-js takes seconds to report all of these.
    const wide = { lines, note: 'x'.repeat(900_000), ...manyFields(90) };
    const long = { lines: repeat(800, { ...lines[0], ...manyFields(90) }) };
    for (const input of [wide, long]) {
      expect(await leastCpuMs(check(input), 300)).toBeLessThan(300);
    }
  });
});
