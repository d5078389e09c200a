import { describe, expect, it } from 'vitest';
import { buildSchema } from 'graphql';
import { composeSupergraph } from './compose-supergraph.ts';

const HEAD = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@tag", "@inaccessible"])
`;

const SDL = `
  type Query {
    "A lamp."
    lamp(id: ID!, secret: Boolean @tag(name: "admin")): Lamp
    lamps: [Lamp!] @tag(name: "admin")
    things: [Thing!]
    log: Log @tag(name: "admin")
    count: Int @inaccessible
    received: Receipt @tag(name: "webhook")
  }
  interface Thing { id: ID! }
  interface Part { name: String }
  type Lamp implements Part { name: String, colour: Colour, spectrum: Spectrum @tag(name: "admin") }
  type Shade implements Thing { id: ID! }
  type Log implements Part { name: String, at: Moment }
  type Receipt { id: ID! }
  type Spectrum { peak: Int }
  scalar Moment
  enum Colour { RED BLUE @tag(name: "admin") }
`;

const compose = (sdl: string): string =>
  composeSupergraph({
    federationVersion: null,
    subgraphs: [{ name: 'lamp', url: 'http://lamp/graphql', file: null, sdl: HEAD + sdl }],
  }).publicSdl;

describe('the public contract of a graph', () => {
  const sdl = compose(SDL);
  const schema = buildSchema(sdl);

  it('has no field, argument or value that a hidden tag or @inaccessible marks', () => {
    const query = schema.getQueryType()?.getFields() ?? {};
    expect(Object.keys(query)).toEqual(['lamp', 'things']);
    expect(query['lamp']?.args.map(({ name }) => name)).toEqual(['id']);
    expect(sdl).not.toMatch(/BLUE|spectrum/);
  });

  it('has the types that something leads to, and no other', () => {
    const types = Object.keys(schema.getTypeMap()).filter((name) => !name.startsWith('__'));
    const expected = ['Query', 'Lamp', 'Colour', 'Part', 'Thing', 'Shade'];
    expect(types.toSorted()).toEqual([...expected, 'Boolean', 'ID', 'String'].toSorted());
  });

  it('has descriptions', () => {
    expect(sdl).toContain('"""A lamp."""');
  });

  it('has the parts with other tags', () => {
    expect(
      compose('type Query { lamp: Int @tag(name: "beta") count: Int @inaccessible }'),
    ).toContain('lamp: Int');
  });

  it.each([
    ['a hidden required argument', 'lamp(id: ID! @tag(name: "admin")): Int', 'lamp(id:)'],
    ['a public field of a hidden type', 'lamp: Lamp', 'Lamp'],
  ])('is refused with %s', (_what, field, name) => {
    const lamp = 'type Lamp @tag(name: "admin") { id: ID! }';
    expect(() =>
      compose(`type Query { ${field} other: Int count: Int @inaccessible } ${lamp}`),
    ).toThrow(name);
  });
});
