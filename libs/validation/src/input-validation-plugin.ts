import type { ApolloServerPlugin } from '@apollo/server';
import { protocolCatalogue } from '@cartograph/errors';
import { GraphQLError, Kind, visit, type DocumentNode, type ValueNode } from 'graphql';
import { checkArguments } from './check-arguments.ts';
import { checkVariables } from './check-variables.ts';

/** Documents that are used again, as Apollo Server's store returns them. */
const checked = new WeakSet<DocumentNode>();

/** The router cannot serialize infinity for a subgraph. */
const checkNumbers = (document: DocumentNode): void => {
  if (checked.has(document)) return;
  const check = (node: ValueNode & { readonly value: string }): void => {
    if (Number.isFinite(Number(node.value))) return;
    throw new GraphQLError('a number is too large', {
      nodes: node,
      extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } },
    });
  };
  visit(document, { [Kind.INT]: check, [Kind.FLOAT]: check });
  checked.add(document);
};

/**
 * Makes an Apollo Server plugin that validates all input before execution: invalid values are
 * expensive to report later, and some would change on their way to a subgraph.
 * @param maxValues how many values the variables of one request may contain in total
 */
export const makeInputValidationPlugin = (maxValues: number): ApolloServerPlugin => ({
  requestDidStart: async () => ({
    didResolveOperation: async ({ schema, document, operation, request }) => {
      if (!operation) {
        throw new GraphQLError(protocolCatalogue.OPERATION_RESOLUTION_FAILURE, {
          extensions: { code: 'OPERATION_RESOLUTION_FAILURE', http: { status: 400 } },
        });
      }
      checkNumbers(document);
      const values = checkVariables(schema, operation, request.variables ?? {}, maxValues);
      checkArguments({ schema, document, operation }, values);
    },
  }),
});
