import type { ApolloServerPlugin } from '@apollo/server';
import { trace } from '@opentelemetry/api';

/** Writes the operation's name and type on the request's span: `POST /graphql` alone says little. */
export const nameOperations: ApolloServerPlugin = {
  requestDidStart: async () => ({
    didResolveOperation: async ({ operation, operationName }) => {
      trace.getActiveSpan()?.setAttributes({
        ...(operation && { 'graphql.operation.type': operation.operation }),
        ...(operationName && { 'graphql.operation.name': operationName }),
      });
    },
  }),
};
