import {
  errorCatalogue,
  problemCatalogue,
  problemTypeName,
  type ErrorCode,
  type ProblemCode,
} from '@cartograph/errors';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { getNamedType, isUnionType, type GraphQLField, type GraphQLObjectType } from 'graphql';
import { statuses } from '../src/problems/problem-error.ts';
import { exampleRequest } from './kit/example-request.ts';
import { ROUTES } from './kit/graph-routes.ts';
import { makeResult } from './kit/make-result.ts';
import { failWith } from './kit/shop.ts';
import { startRest, type Rest } from './kit/start-rest.ts';
import { runOperation, schema, type Received } from './kit/start-router.ts';

let rest: Rest;
beforeAll(async () => {
  rest = await startRest();
});
afterAll(() => rest.close());

type Field = GraphQLField<unknown, unknown>;

const fieldOf = (operation: string): Field => {
  const [type = '', name = ''] = operation.split('.');
  const field = (schema.getType(type) as GraphQLObjectType).getFields()[name];
  if (!field) throw new Error(`the graph has no ${operation}`);
  return field;
};

/** Each operation of the graph with each of its routes. */
const pairs = Object.entries(ROUTES).flatMap(([operation, row]) =>
  'missing' in row ? [] : row.map((route) => [route, fieldOf(operation)] as const),
);

/** All of the graph: what a route reads before it sends its operation has a result, too. */
const everything = (): Record<string, unknown> =>
  Object.fromEntries(
    [schema.getQueryType(), schema.getMutationType()].flatMap((type) =>
      Object.values(type?.getFields() ?? {}).map((field) => [field.name, makeResult(field.type)]),
    ),
  );

const codes = Object.keys(problemCatalogue) as ProblemCode[];

/** The problems that a field returns, by their code. */
const problemsOf = (field: Field) => {
  const type = getNamedType(field.type);
  const members = isUnionType(type) ? type.getTypes() : [];
  return codes.flatMap((code) => {
    const member = members.find(({ name }) => name === problemTypeName(code));
    return member ? [{ code, member }] : [];
  });
};

describe('a problem of the graph', () => {
  const rows = pairs.flatMap(([route, field]) =>
    problemsOf(field).map(({ code, member }) => [code, route, field, member] as const),
  );

  it('has a route for each code of the catalogue', () => {
    expect([...new Set(rows.map(([code]) => code))].sort()).toEqual([...codes].sort());
  });

  it.each(rows)('%s has the same code and words at %s', async (code, route, field, member) => {
    const problem = makeResult(field.type, member) as object;
    const message = 'Said by the graph.';
    rest.router.respond({ ...everything(), [field.name]: { ...problem, code, message } });
    const { statusCode, body } = await rest.app.inject(exampleRequest(route));
    const { detail, ...sent } = JSON.parse(body) as { code: string; detail: string };
    expect([statusCode, sent.code]).toEqual([statuses[code], code]);
    // The sentence of a field's fault has the graph's name of the field.
    if (code !== 'VALIDATION_FAILED') expect(detail).toBe(message);
  });
});

describe('an error of the graph', () => {
  /** The graph means a subgraph that was too slow; REST a client that was. */
  const OTHER: Partial<Record<ErrorCode, ErrorCode>> = { REQUEST_TIMEOUT: 'UNAVAILABLE' };

  it.each(Object.keys(errorCatalogue) as ErrorCode[])(
    '%s has the same code everywhere',
    async (code) => {
      for (const [route, field] of pairs) {
        // This list is sent for another operation with `all`.
        if (field.name === 'orders') continue;
        rest.router.respond({ ...everything(), [field.name]: failWith(code) });
        const { statusCode, body } = await rest.app.inject(exampleRequest(route));
        const expected = OTHER[code] ?? code;
        const { code: sent } = JSON.parse(body) as { code: string };
        expect([route, statusCode, sent]).toEqual([route, statuses[expected], expected]);
      }
    },
  );
});

/** The numbers and texts of a value, by their path. */
const leavesOf = (value: unknown, path: readonly string[] = []): (readonly [string, unknown])[] => {
  if (typeof value !== 'object' || value === null) return [[path.join('.'), value]];
  if (Array.isArray(value)) return value.flatMap((item) => leavesOf(item, path));
  return Object.entries(value).flatMap(([name, member]) => leavesOf(member, [...path, name]));
};

/** What the graph returns and REST has no member for, by its path. */
const NOT_SENT: readonly RegExp[] = [
  /__typename$/,
  // REST says it as the seconds from now.
  /TokenExpiresAt$/,
  // A sign-out is 204.
  /\.count$/,
  // `payment.status` has it where a response is repeated.
  /payOrder\.paymentStatus$/,
];

/** Ids that are only read to know whether there is such a thing, by route. */
const EXISTENCE: Readonly<Record<string, string>> = {
  'GET /v1/orders': 'me.id',
  'GET /v1/orders/{id}/stock-movements': 'order.id',
  'GET /v1/products/{id}/stock-movements': 'product.id',
  'GET /v1/users/{id}/orders': 'user.id',
};

/** What REST says without the graph. */
const OWN = new Set(['expires_in', 'refresh_expires_in', 'received', 'token_type']);

describe('the facts of a route', () => {
  // This list is sent for another operation with `all`.
  const isStream = (route: string) => route.endsWith('/events');
  const rows = pairs.filter(([route, field]) => field.name !== 'orders' && !isStream(route));

  it.each(rows)('%s are those of the graph, and all of them', async (route) => {
    const results = everything();
    rest.router.respond(results);
    const request = exampleRequest(route);
    const { body } = await rest.app.inject(request);
    const { data, errors } = await runOperation(results, rest.router.received.at(-1) as Received);
    expect(errors).toBeUndefined();
    const sent = body === '' ? [] : leavesOf(JSON.parse(body));
    const known = leavesOf(data);
    const values = (leaves: typeof known) => new Set(leaves.map(([, value]) => value));
    const { url } = request;
    expect(
      sent.filter(
        ([path, value]) =>
          !values(known).has(value) && !OWN.has(path) && !url.includes(String(value)),
      ),
    ).toEqual([]);
    expect(
      known.filter(
        ([path, value]) =>
          !values(sent).has(value) &&
          path !== EXISTENCE[route] &&
          !NOT_SENT.some((pattern) => pattern.test(path)),
      ),
    ).toEqual([]);
  });
});
