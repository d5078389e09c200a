import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readDefinitions, renderTemplates } from '../../new-subgraph/render-templates.ts';
import { readSubgraphName } from '../../new-subgraph/subgraph-name.ts';
import { lintSchema } from './lint-schema.ts';

const ROOT = path.resolve(import.meta.dirname, '..', '..', '..');

const HEAD = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@tag"])
"Who may."
directive @auth("The right." requires: Access! = USER) on FIELD_DEFINITION | OBJECT
`;

const LAMPS = `
  "All lamps."
  lamps(
    "How many, from 1 to 100."
    first: Int
    "The cursor."
    after: String
    "How many, from 1 to 100."
    last: Int
    "The cursor."
    before: String
  ): LampConnection @auth(requires: PUBLIC) @listSize(slicingArguments: ["first", "last"], sizedFields: ["nodes", "edges"])
`;

const TURN = '"Changes a lamp." updateLamp("Which." input: LampInput!): LampResult! @auth';

const ADMIN = '@auth(requires: ADMIN)';
const SERVICE = '@auth(requires: SERVICE)';

/** A schema without a fault. */
const GOOD = `
"Reads."
type Query { ${LAMPS} }
"Changes."
type Mutation { ${TURN} }
"A lamp."
type Lamp @key(fields: "id") @auth { "Its id." id: ID! "What it has been." past: [Lamp!] @listSize(assumedSize: 3) }
"A page."
type LampConnection { "Lamps." edges: [LampEdge!]! "Lamps." nodes: [Lamp!]! "Where." pageInfo: PageInfo! }
"A lamp in a page."
type LampEdge { "Where." cursor: String! "The lamp." node: Lamp! }
"Where a page is."
type PageInfo {
  "More." hasNextPage: Boolean! "Before." hasPreviousPage: Boolean!
  "First." startCursor: String "Last." endCursor: String
}
"A change."
input LampInput { "Which." id: ID! "How." way: Way }
"How."
enum Way { "On." ON "Off." OFF_AT_NIGHT }
"Who."
enum Access { "All." PUBLIC "One." USER }
"The lamp, or why not."
union LampResult = Lamp | LampNotFoundProblem
"There is none."
type LampNotFoundProblem { "Why." code: String! }
`;

/** The same as clients see it: without directives. */
const API = GOOD.replaceAll(/ @\w+(?:\([^)]*\))?/g, '');

const lint = (from = '', to = '') => {
  if (from !== '' && !GOOD.includes(from)) throw new Error(`${from} is not there`);
  const sdl = HEAD + GOOD.replace(from, () => to);
  return lintSchema(sdl, API).map(({ rule, message }) => `${rule}: ${message}`);
};

describe('the lint of a schema', () => {
  it('finds nothing in one that follows the conventions', () => {
    expect(lint()).toEqual([]);
  });

  it.each([
    ['a type without a description', '"A lamp."\ntype Lamp ', 'type Lamp ', 'require-description'],
    ['a field', '"Its id." id: ID!', 'id: ID!', 'require-description'],
    ['an argument', '"The cursor."\n    after', 'after', 'require-description'],
    ['an input field', '"Which." id: ID!', 'id: ID!', 'require-description'],
    ['an enum value', '"On." ON', 'ON', 'require-description'],
    ['a union', '"The lamp, or why not."\nunion', 'union', 'require-description'],
    [
      'a type in lower case',
      'type LampNotFoundProblem',
      'type lampNotFoundProblem',
      'naming-convention',
    ],
    ['a field in snake case', 'past:', 'in_the_past:', 'naming-convention'],
    ['an enum value in lower case', 'OFF_AT_NIGHT', 'offAtNight', 'naming-convention'],
    ['a query that is a verb', 'lamps(', 'getLamps(', 'naming-convention'],
    ['a field with the name of its type', 'past:', 'lampPast:', 'no-typename-prefix'],
    [
      'a deprecation without a reason',
      'past: [Lamp!]',
      'past: [Lamp!] @deprecated',
      'require-deprecation-reason',
    ],
    ['a mutation that is a noun', 'updateLamp(', 'lamp(', 'mutations'],
    [
      'a mutation with two arguments',
      'input: LampInput!',
      'input: LampInput! "Now." now: Int',
      'mutations',
    ],
    ['a mutation that returns its object', 'LampResult! @auth', 'Lamp! @auth', 'mutations'],
    ["a mutation that can't say why not", ' | LampNotFoundProblem', '', 'mutations'],
    ['a page without bounds', 'How many, from 1 to 100.', 'How many.', 'connections'],
    ['a list in one direction', '"The cursor."\n    before: String', '', 'relay-arguments'],
    [
      'a page of unknown size',
      'slicingArguments: ["first", "last"]',
      'slicingArguments: []',
      'connections',
    ],
    ['a page whose nodes are not sized', '["nodes", "edges"]', '["edges"]', 'connections'],
    ['a connection without nodes', '"Lamps." nodes: [Lamp!]!', '', 'connections'],
    [
      'a connection without a position',
      '"Where." pageInfo: PageInfo!',
      '',
      'relay-connection-types',
    ],
    ['a page without an end', '"Last." endCursor: String', '', 'relay-page-info'],
    ['an edge without a cursor', '"Where." cursor: String!', '', 'relay-edge-types'],
    ['a list of unknown length', ' @listSize(assumedSize: 3)', '', 'list-sizes'],
    ['a root field without a rule', 'LampResult! @auth', 'LampResult!', 'access'],
    ['an entity without a rule', '@key(fields: "id") @auth', '@key(fields: "id")', 'access'],
    ['a public field of administrators', 'LampResult! @auth', `LampResult! ${ADMIN}`, 'contract'],
    ['a public field of services', 'LampResult! @auth', `LampResult! ${SERVICE}`, 'contract'],
    ['a public type of administrators', '@key(fields: "id") @auth', ADMIN, 'contract'],
    ['a tag that hides nothing', 'way: Way', 'way: Way @tag(name: "admins")', 'contract'],
  ])('finds %s', (_what, from, to, rule) => {
    expect(lint(from, to)).toContainEqual(expect.stringMatching(new RegExp(`^${rule}: `)));
  });

  it('lets administrators have what is hidden from the public contract', () => {
    expect(lint('LampResult! @auth', `LampResult! ${ADMIN} @tag(name: "admin")`)).toEqual([]);
  });

  it('says the line', () => {
    const sdl = `${HEAD}${GOOD}\n\ntype Late { "A." a: Int }`;
    expect(lintSchema(sdl, API)).toMatchObject([
      { line: sdl.split('\n').length, rule: 'require-description' },
    ]);
  });

  it('lets mutations that only services call be as their callers need them', () => {
    const hidden = `${TURN} @inaccessible`
      .replace('updateLamp', 'lampTurned')
      .replace('LampResult!', 'Lamp');
    expect(lint(TURN, hidden)).toEqual([]);
  });

  it('finds nothing in a new subgraph, before anything is changed in it', async () => {
    const product = readFileSync(path.join(ROOT, 'apps/product/schema.graphql'), 'utf8');
    const texts = await renderTemplates({
      name: readSubgraphName('review', { projects: [], types: [] }),
      port: 4005,
      migratedAt: new Date(0),
      shared: readDefinitions(product),
    });
    const sdl = texts.get('apps/review/schema.graphql') ?? '';
    expect(sdl).toContain('type Review');
    expect(lintSchema(sdl, `${API} type ReviewEdge { cursor: String! node: Lamp! }`)).toEqual([]);
  });
});
