import type { SubgraphSource } from '../../compose/read-subgraphs.ts';
import type { Change } from './change.ts';
import { ownersOf } from './owners.ts';

const joined = (names: ReadonlySet<string>): string => [...names].join(' and ');

const describe = (
  coordinate: string,
  lost: ReadonlySet<string>,
  gained: ReadonlySet<string>,
  left: ReadonlySet<string>,
): Change => ({
  level: 'dangerous',
  coordinate,
  message:
    gained.size > 0
      ? `\`${coordinate}\` moved from ${joined(lost)} to ${joined(gained)}`
      : `\`${coordinate}\` is left to ${joined(left)}: ${joined(lost)} has it no more`,
  reason:
    `clients see no difference, but a router with the former supergraph asks ${joined(lost)} for it: ` +
    'deploy the new owner first, then the routers, and remove it in a later release',
  subgraph: joined(lost),
  uses: [],
  isSeenByValidation: false,
  isContractOnly: false,
});

/**
 * Finds the types and fields that another subgraph answers for than before. A type is named once, not
 * with each of its fields.
 */
export const findMoves = (
  before: readonly SubgraphSource[],
  after: readonly SubgraphSource[],
): readonly Change[] => {
  const now = ownersOf(after);
  const moves = new Map<string, Change>();
  // Types come before their fields.
  for (const [coordinate, was] of ownersOf(before)) {
    const is = now.get(coordinate);
    const [type = ''] = coordinate.split('.');
    if (!is || moves.has(type)) continue;
    const lost = was.difference(is);
    if (lost.size > 0) moves.set(coordinate, describe(coordinate, lost, is.difference(was), is));
  }
  return [...moves.values()];
};
