import {
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInputType,
  typeFromAST,
  TypeInfo,
  visit,
  visitWithTypeInfo,
  type GraphQLNamedType,
  type GraphQLSchema,
} from 'graphql';
import type { Operation } from './operation.ts';

/** All that a variable of a type may contain. */
const addInput = (type: GraphQLNamedType, uses: Set<string>): void => {
  if (uses.has(type.name)) return;
  uses.add(type.name);
  if (isEnumType(type)) for (const { name } of type.getValues()) uses.add(`${type.name}.${name}`);
  if (!isInputObjectType(type)) return;
  for (const field of Object.values(type.getFields())) {
    uses.add(`${type.name}.${field.name}`);
    addInput(getNamedType(field.type), uses);
  }
};

/**
 * Finds the schema coordinates that an operation uses: the fields that it selects and their types, the
 * arguments and values that it sends, and all that its variables may contain.
 */
export const findUses = ({ document }: Operation, schema: GraphQLSchema): ReadonlySet<string> => {
  const uses = new Set<string>();
  const types = new TypeInfo(schema);
  visit(
    document,
    visitWithTypeInfo(types, {
      VariableDefinition: ({ type }) => {
        const input = typeFromAST(schema, type);
        if (input && isInputType(input)) addInput(getNamedType(input), uses);
      },
      Field: ({ name, arguments: given = [] }) => {
        const parent = types.getParentType();
        const type = types.getType();
        if (!parent || !type) return;
        uses.add(parent.name).add(`${parent.name}.${name.value}`).add(getNamedType(type).name);
        for (const { name: argument } of given) {
          uses.add(`${parent.name}.${name.value}(${argument.value}:)`);
        }
      },
      InlineFragment: ({ typeCondition }) =>
        void (typeCondition && uses.add(typeCondition.name.value)),
      FragmentDefinition: ({ typeCondition }) => void uses.add(typeCondition.name.value),
      ObjectField: ({ name }) => {
        const parent = types.getParentInputType();
        if (parent) uses.add(`${getNamedType(parent).name}.${name.value}`);
      },
      ObjectValue: () => {
        const type = types.getInputType();
        if (type) uses.add(getNamedType(type).name);
      },
      EnumValue: ({ value }) => {
        const type = types.getInputType();
        if (type) uses.add(`${getNamedType(type).name}.${value}`);
      },
    }),
  );
  return uses;
};
