import { CALLER_HEADER, CALLERS, makeCallerSigner, type Caller } from '@cartograph/auth';
import type { FastifyInstance } from 'fastify';

/** What a subgraph answered. `data` is what the test's query asks for. */
export type Answer = {
  readonly status: number;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a test reads what it asked for
  readonly data: any;
  readonly errors: readonly { message: string; extensions: { code: string } }[];
};

/** One secret for all callers of a test. */
export const TEST_SECRET = 'the-secret-that-all-tests-share-0123456789';

/** The variables with the secrets of all callers, such as `ROUTER_SECRET`. */
export const TEST_SECRETS: Readonly<Record<string, string>> = Object.fromEntries(
  CALLERS.map((caller) => [`${caller.toUpperCase()}_SECRET`, TEST_SECRET]),
);

/**
 * Makes the function that sends a query to a subgraph as the router or a sister service would:
 * through its whole HTTP stack, signed.
 * @param own headers of the test's own, such as `x-client-address`
 */
export const makeSubgraphCaller =
  (app: FastifyInstance, caller: Caller = 'router') =>
  async (
    query: string,
    variables: object = {},
    authorization?: string,
    own: Readonly<Record<string, string>> = {},
  ): Promise<Answer> => {
    const body = JSON.stringify({ query, variables });
    const sign = makeCallerSigner(caller, TEST_SECRET);
    const response = await app.inject({
      method: 'POST',
      url: '/graphql',
      headers: {
        'content-type': 'application/json',
        [CALLER_HEADER]: sign({
          audience: app.subgraphName,
          method: 'POST',
          path: '/graphql',
          body,
        }),
        ...(authorization && { authorization }),
        ...own,
      },
      body,
    });
    const { data, errors = [] } = response.json<{ data?: unknown; errors?: Answer['errors'] }>();
    return { status: response.statusCode, data, errors };
  };
