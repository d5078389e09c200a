import {
  Kind,
  parse,
  type DefinitionNode,
  type ObjectTypeDefinitionNode,
  type ObjectTypeExtensionNode,
} from 'graphql';
import type { SubgraphSource } from '../../compose/read-subgraphs.ts';
import type { Change } from './change.ts';

type ObjectNode = ObjectTypeDefinitionNode | ObjectTypeExtensionNode;

/** The subgraphs that answer for a coordinate. */
type Owners = ReadonlyMap<string, ReadonlySet<string>>;

const isObject = (node: DefinitionNode): node is ObjectNode =>
  node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.OBJECT_TYPE_EXTENSION;

/** A reference to an entity of another subgraph: `@key(fields: "id", resolvable: false)`. */
const isReference = ({ directives = [] }: ObjectNode): boolean =>
  directives
    .flatMap((directive) => directive.arguments ?? [])
    .some(
      ({ name, value }) =>
        name.value === 'resolvable' && value.kind === Kind.BOOLEAN && !value.value,
    );

const ownersOf = (subgraphs: readonly SubgraphSource[]): Owners => {
  const owners = new Map<string, Set<string>>();
  const add = (coordinate: string, subgraph: string): void => {
    owners.set(coordinate, (owners.get(coordinate) ?? new Set<string>()).add(subgraph));
  };
  for (const { name: subgraph, sdl } of subgraphs) {
    for (const type of parse(sdl).definitions.filter(isObject)) {
      if (isReference(type)) continue;
      add(type.name.value, subgraph);
      for (const field of type.fields ?? []) {
        if (field.directives?.some(({ name }) => name.value === 'external')) continue;
        add(`${type.name.value}.${field.name.value}`, subgraph);
      }
    }
  }
  return owners;
};

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
