import { composeSupergraph } from '../../compose/compose-supergraph.ts';
import type { SubgraphSource } from '../../compose/read-subgraphs.ts';
import type { Graph } from '../changes/find-changes.ts';

const HEAD = `
  extend schema
    @link(
      url: "https://specs.apollo.dev/federation/v2.9"
      import: ["@key", "@shareable", "@inaccessible", "@tag", "@composeDirective"]
    )
    @link(url: "https://cartograph.example/auth/v1.0", import: ["@auth"])
    @composeDirective(name: "@auth")
  directive @auth(requires: Access! = USER) on FIELD_DEFINITION | OBJECT
  enum Access { PUBLIC USER ADMIN SERVICE }
`;

/** The schemas of a small shop, by subgraph. */
export type SmallGraph = { readonly product: string; readonly order: string };

const SMALL: SmallGraph = {
  product: `
    type Query {
      "One lamp."
      lamp(id: ID, size: Size = SMALL): Lamp @auth(requires: PUBLIC)
      lamps(first: Int): [Lamp!]! @auth(requires: PUBLIC)
      shades: [Shade!] @auth(requires: PUBLIC)
      held(id: ID!): Int @inaccessible @auth(requires: SERVICE)
    }
    type Lamp @key(fields: "id") @auth(requires: PUBLIC) {
      id: ID!
      name: String!
      imageUrl: String
      watts: Int!
      colour: Colour!
    }
    type Shade { id: ID! form: String }
    enum Size { SMALL LARGE }
    enum Colour { RED BLUE }
  `,
  order: `
    type Query { order(id: ID!): Order @auth(requires: USER) }
    type Mutation { order(input: OrderInput!): OrderResult! @auth(requires: USER) }
    type Order @key(fields: "id") @auth(requires: USER) { id: ID! lamp: Lamp note: String }
    type Lamp @key(fields: "id", resolvable: false) { id: ID! }
    input OrderInput { lamp: ID! count: Int = 1 note: String }
    union OrderResult = Order | OutOfStockProblem
    interface Problem { code: String! }
    type OutOfStockProblem implements Problem { code: String! }
    type Slip { code: String! }
  `,
};

const replaceOnce = (text: string, from: string, to: string): string => {
  if (text.split(from).length !== 2) throw new Error(`${from} is not there once`);
  return text.replace(from, () => to);
};

/** Edits of a schema: what is replaced, and by what. */
export type Edits = Readonly<Partial<Record<keyof SmallGraph, Readonly<Record<string, string>>>>>;

/** The small graph with edits of its schemas. */
export const makeGraph = (edits: Edits = {}): Graph => {
  const subgraphs = (['product', 'order'] as const).map((name): SubgraphSource => {
    const sdl = Object.entries(edits[name] ?? {}).reduce(
      (text, [from, to]) => replaceOnce(text, from, to),
      SMALL[name],
    );
    return {
      name,
      url: `http://${name}/graphql`,
      file: `apps/${name}/schema.graphql`,
      sdl: HEAD + sdl,
    };
  });
  const { apiSdl, publicSdl } = composeSupergraph({ federationVersion: null, subgraphs });
  return { apiSdl, publicSdl, subgraphs };
};
