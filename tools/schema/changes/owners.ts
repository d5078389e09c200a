import {
  Kind,
  parse,
  type DefinitionNode,
  type ObjectTypeDefinitionNode,
  type ObjectTypeExtensionNode,
} from 'graphql';
import type { SubgraphSource } from '../../compose/read-subgraphs.ts';

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

/** Finds the subgraphs that answer for each type and field: types before their fields. */
export const ownersOf = (subgraphs: readonly SubgraphSource[]): Owners => {
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
