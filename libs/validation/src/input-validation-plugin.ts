import type { ApolloServerPlugin } from '@apollo/server';
import { protocolCatalogue } from '@cartograph/errors';
import {
  GraphQLError,
  Kind,
  visit,
  type DocumentNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type ValueNode,
} from 'graphql';
import { checkArguments } from './check-arguments.ts';
import { checkVariables, type CheckedVariables } from './check-variables.ts';

type Executable = {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
};

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
 * Checks all input of a request before its operation is executed: invalid values are expensive to
 * report later, and some would change on their way to a subgraph.
 * @param maxValues how many values the variables of one request may contain in total
 * @returns the coerced variables, whose long texts may be truncated
 * @throws GraphQLError BAD_USER_INPUT of the first fault
 */
export const checkInput = (
  executable: Executable,
  variables: Readonly<Record<string, unknown>>,
  maxValues: number,
): CheckedVariables => {
  checkNumbers(executable.document);
  const checked = checkVariables(executable.schema, executable.operation, variables, maxValues);
  checkArguments(executable, checked.values);
  return checked;
};

/** Makes the Apollo Server plugin that does checkInput for each request. */
export const makeInputValidationPlugin = (maxValues: number): ApolloServerPlugin => ({
  requestDidStart: async () => ({
    didResolveOperation: async ({ schema, document, operation, request }) => {
      if (!operation) {
        throw new GraphQLError(protocolCatalogue.OPERATION_RESOLUTION_FAILURE, {
          extensions: { code: 'OPERATION_RESOLUTION_FAILURE', http: { status: 400 } },
        });
      }
      checkInput({ schema, document, operation }, request.variables ?? {}, maxValues);
    },
  }),
});
