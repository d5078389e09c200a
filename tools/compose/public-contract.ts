import { SchemaElement, type Schema } from '@apollo/federation-internals';
import { pruneSchema } from '@graphql-tools/utils';
import { printSchema } from 'graphql';

/** The names of `@tag` that say what is not part of the public contract. */
export const HIDDEN_TAGS: readonly string[] = ['admin', 'webhook'];

const TAG = 'tag';
const INACCESSIBLE = 'inaccessible';

/** Marks all that a hidden tag marks as `@inaccessible`, too. */
const hideTagged = (schema: Schema): void => {
  for (const tag of [...(schema.directive(TAG)?.applications() ?? [])]) {
    const { parent } = tag;
    const isHidden = HIDDEN_TAGS.includes(String(tag.arguments()['name']));
    if (isHidden && parent instanceof SchemaElement && !parent.hasAppliedDirective(INACCESSIBLE)) {
      parent.applyDirective(INACCESSIBLE);
    }
  }
};

/**
 * Makes the public contract: the schema that clients see, without what a hidden tag or `@inaccessible`
 * marks, and without types that nothing in it leads to. A contract variant of GraphOS that excludes the
 * same tags and hides unreachable types is the same schema.
 * @param supergraph the composed schema, with its directives
 * @throws Error when what is left would be no schema: a field of a hidden type, or a hidden required argument
 */
export const makePublicContract = (supergraph: Schema): string => {
  const contract = supergraph.clone();
  hideTagged(contract);
  return `${printSchema(pruneSchema(contract.toAPISchema().toGraphQLJSSchema()))}\n`;
};
