import { buildASTSchema, buildSchema, parse, type GraphQLSchema } from 'graphql';
import type { SubgraphSource } from '../../compose/read-subgraphs.ts';
import type { Change } from './change.ts';
import { compareAccess } from './compare-access.ts';
import { compareContracts } from './compare-contracts.ts';
import { compareSchemas } from './compare-schemas.ts';
import { findMoves } from './find-moves.ts';

/** The graph at one time: what clients see, and the subgraphs that it is composed from. */
export type Graph = {
  readonly apiSdl: string;
  /** The public part of that; null on a main that has none. */
  readonly publicSdl: string | null;
  readonly subgraphs: readonly SubgraphSource[];
};

/** The schema of a subgraph as it is written; composition has checked its directives. */
export const buildSubgraph = (sdl: string): GraphQLSchema =>
  buildASTSchema(parse(sdl), { assumeValidSDL: true });

/** The schema of a subgraph that is not there. */
const EMPTY = 'type Query';

const hasType = (schema: GraphQLSchema, coordinate: string): boolean => {
  const [type = '', field] = coordinate.split(/[.(]/);
  const found = schema.getType(type);
  if (!found || field === undefined) return found !== undefined;
  if ('getFields' in found) return Object.hasOwn(found.getFields(), field);
  return 'getValue' in found && Boolean(found.getValue(field));
};

const severity: Readonly<Record<Change['level'], number>> = { breaking: 0, dangerous: 1, safe: 2 };

/**
 * Finds all changes from one graph to another, the worst first. A change that clients see is said once,
 * and not again for the public contract or the subgraph; of a subgraph are those of parts that no client
 * sees, which its peers use, and moves from one subgraph to another.
 */
export const findChanges = async (before: Graph, after: Graph): Promise<readonly Change[]> => {
  const [apiBefore, apiAfter] = [buildSchema(before.apiSdl), buildSchema(after.apiSdl)];
  const isPublic = ({ coordinate }: Change): boolean =>
    hasType(apiBefore, coordinate) || hasType(apiAfter, coordinate);
  const sdlBefore = new Map(before.subgraphs.map(({ name, sdl }) => [name, sdl]));
  const sdlAfter = new Map(after.subgraphs.map(({ name, sdl }) => [name, sdl]));
  const names = new Set([...sdlBefore.keys(), ...sdlAfter.keys()]);
  const hidden = await Promise.all(
    [...names].map(async (name) => {
      const found = await compareSchemas(
        buildSubgraph(sdlBefore.get(name) ?? EMPTY),
        buildSubgraph(sdlAfter.get(name) ?? EMPTY),
        name,
      );
      return found.filter((change) => !isPublic(change));
    }),
  );
  const moves = findMoves(before.subgraphs, after.subgraphs);
  const moved = new Set(moves.map(({ coordinate }) => coordinate));
  const ofGraph = await compareSchemas(apiBefore, apiAfter);
  return [
    ...ofGraph,
    ...(await compareContracts(before.publicSdl, after.publicSdl, ofGraph)),
    ...compareAccess(before.subgraphs, after.subgraphs),
    ...moves,
    ...hidden.flat().filter(({ coordinate }) => !moved.has(coordinate)),
  ].toSorted((one, other) => severity[one.level] - severity[other.level]);
};
