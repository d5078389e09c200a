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
import { disableCaching } from './cache-rules.ts';
import { getViewer, type RequestContext } from './request-context.ts';

/** Who may read a field, as `@auth(requires:)` has it in the schema. */
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
 * Refuses a request that the rule of a field does not allow.
 * @throws ShopError UNAUTHENTICATED when nobody is signed in, FORBIDDEN when somebody else is,
 * UNAVAILABLE when that can't be said now
 */
export const demandAccess = (access: Access, context: RequestContext): void => {
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
    demandAccess(access, context);
    if (access !== 'PUBLIC') disableCaching(info);
    return resolve(source, args, context, info);
  };

type ReferenceResolver = (reference: unknown, context: RequestContext, info: unknown) => unknown;

const guardReference =
  (access: Access, resolve: ReferenceResolver): ReferenceResolver =>
  (reference, context, info) => {
    demandAccess(access, context);
    if (access !== 'PUBLIC') disableCaching(info);
    return resolve(reference, context, info);
  };

/** What the schema says about one coordinate: `Query.me`, or `User` for its references. */
export type AccessRule = { readonly coordinate: string; readonly access: Access };

const fieldRule = (type: TypeNode, field: FieldDefinitionNode): AccessRule | null => {
  const access = accessOf(field.directives);
  if (access) return { coordinate: `${type.name.value}.${field.name.value}`, access };
  if (!ROOT_TYPES.has(type.name.value)) return null;
  throw new Error(`${type.name.value}.${field.name.value} has no @auth rule`);
};

/**
 * Reads every rule of a schema: one for each field of Query and Mutation, one for each entity that
 * can be asked for by reference, and those of single fields.
 * @throws when a root field or an entity has no rule: nothing is open because nobody thought of it
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
 * Puts the rules of the schema in front of the resolvers they are about.
 * @throws when a rule has no resolver to stand before
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
