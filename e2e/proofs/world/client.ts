import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { text as readText } from 'node:stream/consumers';
import { CALLER_HEADER, makeCallerSigner, type Caller } from '@cartograph/auth';
import { TEST_SECRET } from '@cartograph/testing';

/** A member of a result union, as far as proofs look at it. */
export type Result = {
  readonly __typename: string;
  readonly id?: string;
  readonly status?: string;
  readonly code?: string;
  readonly reason?: string;
  readonly total?: { readonly amount: number };
};

/** What a subgraph answered. */
export type Answer = {
  readonly text: string;
  readonly data: Readonly<Record<string, Result | null>> | null;
  readonly errors: readonly { message: string; extensions?: { code?: string } }[];
};

/** Nobody waits longer than the router does. */
const PATIENCE_MS = 15_000;

/**
 * Sends one request to a subgraph, as the router or a sister service does, over a connection of its
 * own. @throws when no answer comes
 */
export const ask = async (options: {
  readonly origin: string;
  readonly service: string;
  readonly query: string;
  readonly variables: object;
  readonly authorization?: string;
  readonly caller?: Caller;
}): Promise<Answer> => {
  const { origin, service, query, variables, authorization, caller = 'router' } = options;
  const body = JSON.stringify({ query, variables });
  const sign = makeCallerSigner(caller, TEST_SECRET);
  const outgoing = request(`${origin}/graphql`, {
    method: 'POST',
    agent: false,
    signal: AbortSignal.timeout(PATIENCE_MS),
    headers: {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      [CALLER_HEADER]: sign({ audience: service, method: 'POST', path: '/graphql', body }),
      ...(authorization && { authorization }),
    },
  });
  outgoing.end(body);
  const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
  const text = await readText(incoming);
  const { data = null, errors = [] } = JSON.parse(text) as Partial<Answer>;
  return { text, data, errors };
};
