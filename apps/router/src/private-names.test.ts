import { describe, expect, it } from 'vitest';
import { cpuOf, leastCpuMs } from '@cartograph/testing';
import { GraphQLError, parse, print } from 'graphql';
import { makeNameHider } from './private-names.ts';

const hideNames = makeNameHider(
  parse('type Query { me: User } type User { id: ID email: String orders(first: Int): [User] }'),
);

const hide = (query: string) => hideNames(parse(query));

const printed = (query: string): string => print(hide(query).document).replace(/\s+/g, ' ');

describe('the names of a client', () => {
  it('stay as they are where the gateway has no such names', () => {
    const query = 'query Q($first: Int) { mine: me { id address: email __typename id: id } }';
    expect(printed(query)).toBe(printed(print(parse(query))));
    const { document, revealData, hideVariables } = hide(query);
    expect(print(document)).toBe(print(parse(query)));
    const data = { mine: null };
    expect(revealData(data)).toBe(data);
    expect(hideVariables(data)).toBe(data);
  });

  it('are hidden where they are the name of any field, or of the gateway', () => {
    expect(
      printed('{ a: me { orders: email __typename: id _x: id client_id: id id__alias_0: id } }'),
    ).toBe(
      '{ a: me { client_orders: email client___typename: id client__x: id client_client_id: id client_id__alias_0: id } }',
    );
    expect(
      printed(
        'query ($representations: Int, $_: Int, $n: Int) { me { orders(first: $_) { id } } }',
      ),
    ).toBe(
      'query ($client_representations: Int, $client__: Int, $n: Int) { me { orders(first: $client__) { id } } }',
    );
  });

  it('come back in data, in the order that they had, and in errors', () => {
    const names = hide(
      'query ($_n: Int) { me { id: email client_: orders(first: $_n) { __proto__: id x: id } } }',
    );
    const data = names.revealData({
      me: { client_id: 'a', client_client_: [null, { client___proto__: 'b', x: 'c' }] },
    });
    expect(JSON.stringify(data)).toBe(
      '{"me":{"id":"a","client_":[null,{"__proto__":"b","x":"c"}]}}',
    );
    const originalError = new Error('cause');
    const [error] = names.revealErrors([
      new GraphQLError('Variable "$client__n" is not client_me', {
        path: ['me', 'client_client_', 0, 'client___proto__'],
        originalError,
        extensions: { code: 'BAD_USER_INPUT' },
      }),
    ]);
    expect(error).toMatchObject({
      message: 'Variable "$_n" is not client_me',
      path: ['me', 'client_', 0, '__proto__'],
      originalError,
      extensions: { code: 'BAD_USER_INPUT' },
    });
    expect(
      names.revealExtensions({
        valueCompletion: [new GraphQLError('no User.client_id', { path: ['me', 'client_id'] })],
      }),
    ).toEqual({ valueCompletion: [{ message: 'no User.id', path: ['me', 'id'] }] });
  });

  it('of variables take their values along', () => {
    const names = hide('query ($representations: Int, $first: Int) { me { id } }');
    expect({ ...names.hideVariables({ representations: 1, first: 2, other: 3 }) }).toEqual({
      client_representations: 1,
      first: 2,
      other: 3,
    });
  });

  it('of variables keep their values beside values that belong to no variable', () => {
    const names = hide('query ($_f: Int) { me { orders(first: $_f) { id } } }');
    expect({ ...names.hideVariables({ _f: 1, client__f: 100 }) }).toEqual({ client__f: 1 });
    expect({ ...names.hideVariables({ client__f: 100 }) }).toEqual({});
    const both = hide(
      'query ($_f: Int, $client__f: Int) { me { orders(first: $_f) { id } more: orders(first: $client__f) { id } } }',
    );
    expect({ ...both.hideVariables({ _f: 1, client__f: 100 }) }).toEqual({
      client__f: 1,
      client_client__f: 100,
    });
  });

  it('are hidden in time with the length of the document', async () => {
    const grow = (count: number) =>
      parse(`{ me { ${'id: email ... on User { id: email } '.repeat(count)} } }`);
    const [small, large] = [grow(500), grow(4_000)];
    const smallMs = await cpuOf(() => hideNames(small), 9);
    const limit = 20 * Math.max(smallMs, 2);
    expect(await leastCpuMs(() => hideNames(large), limit)).toBeLessThan(limit);
  });
});

describe('a selection set that may be empty', () => {
  it('gets a field, which the client does not see', () => {
    const query = 'query ($a: Boolean!) { me { orders { id @skip(if: $a) } } }';
    expect(printed(query)).toContain('orders { client_: __typename id @skip(if: $a) }');
    expect(hide(query).revealData({ me: { orders: [{ client_: 'User' }] } })).toEqual({
      me: { orders: [{}] },
    });
  });
});
