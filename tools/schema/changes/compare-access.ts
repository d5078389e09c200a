import { readAccessRules, type Access } from '@cartograph/subgraph';
import { parse } from 'graphql';
import type { SubgraphSource } from '../../compose/read-subgraphs.ts';
import type { Change } from './change.ts';
import { ownersOf } from './owners.ts';

/** From those that need no right to those that no client has. */
const STRICTNESS: readonly Access[] = ['PUBLIC', 'USER', 'ADMIN', 'SERVICE'];

/** Who may read something, by the subgraph that checks it. */
type Rules = ReadonlyMap<string, Access>;

const NONE: Rules = new Map();

const isField = (coordinate: string): boolean => coordinate.includes('.');

/** The rules of fields and entities by coordinate. A service lets everyone read a field without a rule. */
const rulesOf = (subgraphs: readonly SubgraphSource[]): ReadonlyMap<string, Rules> => {
  const rules = new Map<string, Map<string, Access>>();
  const add = (coordinate: string, subgraph: string, access: Access): void => {
    rules.set(
      coordinate,
      (rules.get(coordinate) ?? new Map<string, Access>()).set(subgraph, access),
    );
  };
  for (const [coordinate, owners] of ownersOf(subgraphs)) {
    if (isField(coordinate)) for (const subgraph of owners) add(coordinate, subgraph, 'PUBLIC');
  }
  for (const { name, sdl } of subgraphs) {
    for (const { coordinate, access } of readAccessRules(parse(sdl))) add(coordinate, name, access);
  }
  return rules;
};

/** The rule that held for what a subgraph has now: its own, or that of a subgraph that has it no more. */
const findFormer = (subgraph: string, before: Rules, after: Rules): Access | undefined =>
  before.get(subgraph) ?? [...before].find(([former]) => !after.has(former))?.[1];

/** Finds fields and entities whose `@auth` rule changed: the public schema does not show it. */
export const compareAccess = (
  before: readonly SubgraphSource[],
  after: readonly SubgraphSource[],
): readonly Change[] => {
  const rules = rulesOf(before);
  return [...rulesOf(after)].flatMap(([coordinate, now]) =>
    [...now].flatMap(([subgraph, is]): readonly Change[] => {
      const was = findFormer(subgraph, rules.get(coordinate) ?? NONE, now);
      if (was === undefined || is === was) return [];
      const isStricter = STRICTNESS.indexOf(is) > STRICTNESS.indexOf(was);
      return [
        {
          level: isStricter ? 'breaking' : 'dangerous',
          coordinate,
          message: `\`${coordinate}\` requires ${is} in ${subgraph}, and required ${was}`,
          reason: isStricter ? null : 'more clients may read it: is that meant?',
          subgraph: null,
          uses: [coordinate],
          isSeenByValidation: false,
          isContractOnly: false,
        },
      ];
    }),
  );
};
