import { ShopError } from '@cartograph/errors';
import {
  Kind,
  visit,
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type GraphQLFieldResolver,
  type ObjectTypeDefinitionNode,
  type ObjectTypeExtensionNode,
} from 'graphql';
import { getViewer, type RequestContext } from './request-context.ts';

/** Who may read a field: `@auth(requires:)` in the schema. */
export type Access = 'PUBLIC' | 'USER' | 'ADMIN' | 'SERVICE';

/** Resolvers by type and field, before they are bound to a schema. */
export type ResolverMap = Record<string, unknown>;

type TypeNode = ObjectTypeDefinitionNode | ObjectTypeExtensionNode;

const ROOT_TYPES = new Set(['Query', 'Mutation']);

const accessOf = (directives: readonly ConstDirectiveNode[] = []): Access | null => {
  const rule = directives.find((directive) => directive.name.value === 'auth');
  if (!rule) return null;
  const [argument] = rule.arguments ?? [];
  return argument?.value.kind === Kind.ENUM ? (argument.value.value as Access) : 'USER';
};

const isResolvableEntity = (node: TypeNode): boolean =>
  (node.directives ?? []).some(
    (directive) =>
      directive.name.value === 'key' &&
      !directive.arguments?.some(
        ({ name, value }) =>
          name.value === 'resolvable' && value.kind === Kind.BOOLEAN && !value.value,
      ),
  );

/**
 * Checks a request against the rule of a field.
 * @throws ShopError UNAUTHENTICATED without a viewer, FORBIDDEN for a viewer without the right,
 * UNAVAILABLE when the viewer can't be verified
 */
export const requireAccess = (access: Access, context: RequestContext): void => {
  if (access === 'PUBLIC') return;
  if (access === 'SERVICE') {
    if (context.caller === 'router') throw new ShopError('FORBIDDEN');
    return;
  }
  const viewer = getViewer(context);
  if (access === 'ADMIN' && viewer.role !== 'ADMIN') throw new ShopError('FORBIDDEN');
};

const guardField =
  (
    access: Access,
    resolve: GraphQLFieldResolver<unknown, RequestContext>,
  ): GraphQLFieldResolver<unknown, RequestContext> =>
  (source, args, context, info) => {
    requireAccess(access, context);
    return resolve(source, args, context, info);
  };

type ReferenceResolver = (reference: unknown, context: RequestContext, info: unknown) => unknown;

const guardReference =
  (access: Access, resolve: ReferenceResolver): ReferenceResolver =>
  (reference, context, info) => {
    requireAccess(access, context);
    return resolve(reference, context, info);
  };

/** The rule of a schema coordinate: `Query.me`, or `User` for its references. */
export type AccessRule = { readonly coordinate: string; readonly access: Access };

const fieldRule = (type: TypeNode, field: FieldDefinitionNode): AccessRule | null => {
  const access = accessOf(field.directives);
  if (access) return { coordinate: `${type.name.value}.${field.name.value}`, access };
  if (!ROOT_TYPES.has(type.name.value)) return null;
  throw new Error(`${type.name.value}.${field.name.value} has no @auth rule`);
};

/**
 * Reads the rules of a schema: of each field of Query and Mutation, of each entity that can be
 * resolved by reference, and of single fields.
 * @throws when a root field or an entity has no rule
 */
export const readAccessRules = (document: DocumentNode): readonly AccessRule[] => {
  const rules: AccessRule[] = [];
  const enter = (node: TypeNode): void => {
    const access = accessOf(node.directives);
    if (isResolvableEntity(node)) {
      if (!access) throw new Error(`the entity ${node.name.value} has no @auth rule`);
      rules.push({ coordinate: node.name.value, access });
    }
    for (const field of node.fields ?? []) {
      const rule = fieldRule(node, field);
      if (rule) rules.push(rule);
    }
  };
  visit(document, { ObjectTypeDefinition: enter, ObjectTypeExtension: enter });
  return rules;
};

/**
 * Wraps resolvers so that the rules of the schema are checked first.
 * @throws when a rule has no resolver
 */
export const guardResolvers = (document: DocumentNode, resolvers: ResolverMap): ResolverMap => {
  const guarded: Record<string, unknown> = { ...resolvers };
  for (const { coordinate, access } of readAccessRules(document)) {
    const [type = '', field = '__resolveReference'] = coordinate.split('.');
    const fields = { ...(guarded[type] as Record<string, unknown> | undefined) };
    const resolve = fields[field];
    if (typeof resolve !== 'function') throw new Error(`${type}.${field} has no resolver`);
    fields[field] =
      field === '__resolveReference'
        ? guardReference(access, resolve as ReferenceResolver)
        : guardField(access, resolve as GraphQLFieldResolver<unknown, RequestContext>);
    guarded[type] = fields;
  }
  return guarded;
};
