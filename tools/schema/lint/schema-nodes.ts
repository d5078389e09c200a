import {
  Kind,
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type TypeNode,
} from 'graphql';

/** A field of an object type or interface, with the type that it is in. */
export type FieldOfType = {
  readonly coordinate: string;
  readonly typeName: string;
  readonly field: FieldDefinitionNode;
};

/** All fields of the object types and interfaces of a schema. */
export const fieldsIn = ({ definitions }: DocumentNode): readonly FieldOfType[] =>
  definitions.flatMap((type) =>
    type.kind === Kind.OBJECT_TYPE_DEFINITION ||
    type.kind === Kind.OBJECT_TYPE_EXTENSION ||
    type.kind === Kind.INTERFACE_TYPE_DEFINITION
      ? (type.fields ?? []).map((field) => ({
          coordinate: `${type.name.value}.${field.name.value}`,
          typeName: type.name.value,
          field,
        }))
      : [],
  );

/** The name of a type without lists and exclamation marks. */
export const nameOfType = (type: TypeNode): string =>
  type.kind === Kind.NAMED_TYPE ? type.name.value : nameOfType(type.type);

/** Whether a type is a list, nullable or not. */
export const isList = (type: TypeNode): boolean =>
  type.kind === Kind.LIST_TYPE || (type.kind === Kind.NON_NULL_TYPE && isList(type.type));

/** The first use of a directive, if there is one. */
export const findDirective = (
  { directives = [] }: { readonly directives?: readonly ConstDirectiveNode[] | undefined },
  name: string,
): ConstDirectiveNode | undefined => directives.find((directive) => directive.name.value === name);

/** The texts in a list argument of a directive. */
export const textsIn = (
  directive: ConstDirectiveNode | undefined,
  argument: string,
): readonly string[] => {
  const value = directive?.arguments?.find(({ name }) => name.value === argument)?.value;
  if (value?.kind !== Kind.LIST) return [];
  return value.values.flatMap((one) => (one.kind === Kind.STRING ? [one.value] : []));
};
