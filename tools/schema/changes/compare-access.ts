import { readAccessRules, type Access } from '@cartograph/subgraph';
import { parse } from 'graphql';
import type { SubgraphSource } from '../../compose/read-subgraphs.ts';
import type { Change } from './change.ts';

/** From those that need no right to those that no client has. */
const STRICTNESS: readonly Access[] = ['PUBLIC', 'USER', 'ADMIN', 'SERVICE'];

const rulesOf = (subgraphs: readonly SubgraphSource[]): ReadonlyMap<string, Access> =>
  new Map(
    subgraphs.flatMap(({ sdl }) =>
      readAccessRules(parse(sdl)).map(({ coordinate, access }) => [coordinate, access] as const),
    ),
  );

/** Finds fields and entities whose `@auth` rule changed: the public schema does not show it. */
export const compareAccess = (
  before: readonly SubgraphSource[],
  after: readonly SubgraphSource[],
): readonly Change[] => {
  const rules = rulesOf(after);
  return [...rulesOf(before)].flatMap(([coordinate, was]): readonly Change[] => {
    const is = rules.get(coordinate);
    if (is === undefined || is === was) return [];
    const isStricter = STRICTNESS.indexOf(is) > STRICTNESS.indexOf(was);
    return [
      {
        level: isStricter ? 'breaking' : 'dangerous',
        coordinate,
        message: `\`${coordinate}\` requires ${is}, and required ${was}`,
        reason: isStricter ? null : 'more clients may read it: is that meant?',
        subgraph: null,
        uses: [coordinate],
        isSeenByValidation: false,
      },
    ];
  });
};
