import { ShopError } from '@cartograph/errors';
import { GraphQLError } from 'graphql';

/** One limit: its environment variable, what it counts, and its defaults. */
type Limit = {
  readonly env: `OPERATION_MAX_${string}`;
  /** What is counted, as in an error: "more than 50 aliases". */
  readonly counts: string;
  readonly router: number;
  /** Larger: a query plan adds keys and type conditions to the client's operation. */
  readonly subgraph: number;
};

/** Every limit of an operation. `docs/limits.md` is this table for readers; a test compares them. */
export const limitTable = {
  bytes: {
    env: 'OPERATION_MAX_BYTES',
    counts: 'bytes of query text',
    router: 65_536,
    subgraph: 131_072,
  },
  tokens: { env: 'OPERATION_MAX_TOKENS', counts: 'tokens', router: 3_000, subgraph: 6_000 },
  selections: {
    env: 'OPERATION_MAX_SELECTIONS',
    counts: 'selections, fragments unfolded',
    router: 1_000,
    subgraph: 2_000,
  },
  aliases: {
    env: 'OPERATION_MAX_ALIASES',
    counts: 'aliases, fragments unfolded',
    router: 50,
    subgraph: 100,
  },
  mergedFields: {
    env: 'OPERATION_MAX_MERGED_FIELDS',
    counts: 'fields with the same response path',
    router: 25,
    subgraph: 50,
  },
  mergedValues: {
    env: 'OPERATION_MAX_MERGED_VALUES',
    counts: 'values to compare in the arguments of fields with the same response path',
    router: 5_000,
    subgraph: 10_000,
  },
  fragments: {
    env: 'OPERATION_MAX_FRAGMENTS',
    counts: 'fragment definitions',
    router: 50,
    subgraph: 50,
  },
  directives: { env: 'OPERATION_MAX_DIRECTIVES', counts: 'directives', router: 50, subgraph: 100 },
  nodeDirectives: {
    env: 'OPERATION_MAX_NODE_DIRECTIVES',
    counts: 'directives of one field, fragment, variable or operation',
    router: 5,
    subgraph: 10,
  },
  depth: {
    env: 'OPERATION_MAX_DEPTH',
    counts: 'levels of selections, or of lists and objects in a value',
    router: 20,
    subgraph: 25,
  },
  variables: {
    env: 'OPERATION_MAX_VARIABLES',
    counts: 'variable definitions',
    router: 50,
    subgraph: 100,
  },
  variableValues: {
    env: 'OPERATION_MAX_VARIABLE_VALUES',
    counts: 'values in the variables',
    router: 5_000,
    subgraph: 50_000,
  },
  operations: {
    env: 'OPERATION_MAX_OPERATIONS',
    counts: 'operations in the document',
    router: 10,
    subgraph: 10,
  },
  cost: { env: 'OPERATION_MAX_COST', counts: 'cost', router: 10_000, subgraph: 20_000 },
} as const satisfies Record<string, Limit>;

/** The name of a limit in the code. */
export type LimitName = keyof typeof limitTable;

/** The maximum of everything in one operation. */
export type OperationLimits = Readonly<Record<LimitName, number>>;

/** Where operations arrive: from clients at the router, or from the router at a subgraph. */
export type LimitedProcess = 'router' | 'subgraph';

/** The names of all limits, in the order of the table. */
export const limitNames = Object.keys(limitTable) as readonly LimitName[];

/** The limits of a process whose environment sets none. */
export const defaultLimits = (where: LimitedProcess): OperationLimits =>
  Object.fromEntries(limitNames.map((name) => [name, limitTable[name][where]])) as OperationLimits;

/** An error for which Apollo Server responds with status 400, wherever it is thrown or reported. */
export const refusal = (error: ShopError): GraphQLError =>
  new GraphQLError(error.message, { originalError: error, extensions: { http: { status: 400 } } });

/** The error of an operation over a limit. */
export const tooLarge = (limits: OperationLimits, name: LimitName): ShopError =>
  new ShopError(
    'OPERATION_TOO_LARGE',
    `The operation has more than ${limits[name]} ${limitTable[name].counts}.`,
  );
