import { buildSchema, type GraphQLSchema } from 'graphql';
import type { Change } from './change.ts';
import { compareSchemas } from './compare-schemas.ts';

const keyOf = ({ coordinate, message }: Change): string => `${coordinate} ${message}`;

/** A type comes and goes with the fields that lead to it, and these are changes themselves. */
const follows = (
  coordinate: string,
  [before, after]: readonly [GraphQLSchema, GraphQLSchema],
): boolean =>
  !coordinate.includes('.') && !before.getType(coordinate) !== !after.getType(coordinate);

/**
 * Finds changes of the public contract that the graph as a whole does not have: of what tags hide.
 * @param before the contract of main; null when there is none
 * @param ofGraph the changes that are known
 */
export const compareContracts = async (
  before: string | null,
  after: string | null,
  ofGraph: readonly Change[],
): Promise<readonly Change[]> => {
  if (before === null || after === null) return [];
  const known = new Set(ofGraph.map(keyOf));
  const schemas = [buildSchema(before), buildSchema(after)] as const;
  return (await compareSchemas(...schemas))
    .filter((change) => !known.has(keyOf(change)) && !follows(change.coordinate, schemas))
    .map((change) => ({
      ...change,
      message: `${change.message}, in the public contract`,
      reason:
        change.level === 'breaking'
          ? 'requests still work, but code that is generated from /schema.graphql no longer has it'
          : change.reason,
      // Routers accept operations on the whole graph.
      uses: [],
      isContractOnly: true,
    }));
};
