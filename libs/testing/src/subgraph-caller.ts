import { CALLER_HEADER, CALLERS, makeCallerSigner, type Caller } from '@cartograph/auth';
import type { FastifyInstance } from 'fastify';

/** The response of a subgraph. `data` is what the test's query selects. */
export type SubgraphResponse = {
  readonly status: number;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a test knows its query
  readonly data: any;
  readonly errors: readonly { message: string; extensions: { code: string } }[];
};

/** One secret for all callers of a test. */
export const TEST_SECRET = 'the-secret-that-all-tests-share-0123456789';

/** The variables with the secrets of all callers, such as `ROUTER_SECRET`. */
export const TEST_SECRETS: Readonly<Record<string, string>> = Object.fromEntries(
  CALLERS.map((caller) => [`${caller.toUpperCase()}_SECRET`, TEST_SECRET]),
);

/** The body of a GraphQL request to a subgraph, and headers with the caller's signature of it. */
export const signRequest = (
  subgraph: string,
  { query, variables }: { readonly query: string; readonly variables?: object },
  caller: Caller = 'router',
): { readonly headers: Record<string, string>; readonly body: string } => {
  const body = JSON.stringify({ query, variables });
  const sign = makeCallerSigner(caller, TEST_SECRET);
  const signature = sign({ audience: subgraph, method: 'POST', path: '/graphql', body });
  return { headers: { 'content-type': 'application/json', [CALLER_HEADER]: signature }, body };
};

/**
 * Makes the function that sends a query to a subgraph as the router or a peer service does: through
 * its whole HTTP stack, signed.
 * @param own headers of the test's own, such as `x-client-address`
 */
export const makeSubgraphCaller =
  (app: FastifyInstance, caller: Caller = 'router') =>
  async (
    query: string,
    variables: object = {},
    authorization?: string,
    own: Readonly<Record<string, string>> = {},
  ): Promise<SubgraphResponse> => {
    const { headers, body } = signRequest(app.subgraphName, { query, variables }, caller);
    const response = await app.inject({
      method: 'POST',
      url: '/graphql',
      headers: { ...headers, ...(authorization && { authorization }), ...own },
      body,
    });
    const { data, errors = [] } = response.json<{
      data?: unknown;
      errors?: SubgraphResponse['errors'];
    }>();
    return { status: response.statusCode, data, errors };
  };
