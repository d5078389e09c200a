import { Kind } from 'graphql';
import { lineOf, type Convention } from './fault.ts';
import { fieldsIn, findDirective, nameOfType } from './schema-nodes.ts';

/** The first word of a mutation. A new verb is added here, so that one thing has one name. */
const VERBS = [
  'adjust',
  'archive',
  'cancel',
  'change',
  'create',
  'login',
  'logout',
  'pay',
  'record',
  'refresh',
  'refund',
  'register',
  'remove',
  'restore',
  'revoke',
  'update',
] as const;

const firstWord = (name: string): string => /^[a-z]+/.exec(name)?.[0] ?? '';

/**
 * A mutation that clients can call is a verb and a noun, has at most one argument, `input`, and returns a
 * union with what a client should handle. Those that only services call are as their callers need them.
 */
export const checkMutations: Convention = (document) => {
  const unions = new Map(
    document.definitions.flatMap((node) =>
      node.kind === Kind.UNION_TYPE_DEFINITION
        ? [[node.name.value, (node.types ?? []).map(({ name }) => name.value)] as const]
        : [],
    ),
  );
  return fieldsIn(document)
    .filter(
      ({ typeName, field }) => typeName === 'Mutation' && !findDirective(field, 'inaccessible'),
    )
    .flatMap(({ coordinate, field }) => {
      const others = (field.arguments ?? []).filter(({ name }) => name.value !== 'input');
      const result = nameOfType(field.type);
      const members = unions.get(result);
      const isVerb = VERBS.some((verb) => verb === firstWord(field.name.value));
      const faults = [
        ...(isVerb ? [] : [`${coordinate} does not begin with a verb: ${VERBS.join(', ')}`]),
        ...others.map(
          ({ name }) => `${coordinate}(${name.value}:) belongs into its one argument, input`,
        ),
        ...(members
          ? []
          : [`${coordinate} returns ${result}, which is no union of results and Problems`]),
        ...(members && !members.some((name) => name.endsWith('Problem'))
          ? [`${result} has no Problem: a fragment on Problem is not valid for it`]
          : []),
      ];
      return faults.map((message) => ({ line: lineOf(field), rule: 'mutations', message }));
    });
};
