import { CommandFailure, EXIT } from '@cartograph/command';

/** The public addresses of a shop that is already started. */
export type Remote = { readonly restUrl: string; readonly graphUrl: string };

/** A shop that needs longer for its first page is not ready. */
const ANSWER_MS = 15_000;

const fail = (sentence: string): never => {
  throw new CommandFailure(EXIT.failed, sentence);
};

const reasonOf = (error: unknown): string => {
  const { name, cause, message } = error as Error;
  if (name === 'TimeoutError') return `no response in ${ANSWER_MS / 1_000} s`;
  const { code, message: origin } = (cause ?? {}) as Partial<NodeJS.ErrnoException>;
  return code ?? origin ?? message;
};

/** What an address answered; `body` is null when that is no JSON. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- what it is has to be found out
type Answer = { readonly status: number; readonly body: any };

const ask = async (url: string, option: string, query?: string): Promise<Answer> => {
  try {
    const response = await fetch(url, {
      redirect: 'manual',
      signal: AbortSignal.timeout(ANSWER_MS),
      ...(query !== undefined && {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query }),
      }),
    });
    const body = await response.json().catch(() => null);
    return { status: response.status, body };
  } catch (error) {
    return fail(
      `${url} does not answer (${reasonOf(error)}). Is the shop started, and is ${option} right?`,
    );
  }
};

const UNKNOWN_PROVIDER = 'e2e-no-such-provider';

/** Webhooks that no provider accepts; the refusal says whether the provider is known. */
const PROBE = `mutation {
  simulator: recordPaymentEvent(input: { provider: "simulator", payload: "{}", signature: "e2e" }) {
    ... on Problem { message }
  }
  nobody: recordPaymentEvent(input: { provider: "${UNKNOWN_PROVIDER}", payload: "{}", signature: "e2e" }) {
    ... on Problem { message }
  }
}`;

/**
 * Checks that both APIs answer, and that the shop has simulated payments: a shop in production that
 * takes real money has none (apps/payment/src/config.ts). Changes nothing in the shop.
 * @throws CommandFailure with what is wrong
 */
export const checkRemote = async ({ restUrl, graphUrl }: Remote): Promise<void> => {
  const page = `${restUrl}/v1/products?limit=1`;
  const products = await ask(page, '--url');
  if (products.status !== 200 || !Array.isArray(products.body?.data)) {
    fail(`${page} answers ${products.status} instead of a page of products.`);
  }
  const graph = await ask(graphUrl, '--graphql', '{ __typename }');
  if (graph.body?.data?.__typename !== 'Query') {
    fail(`${graphUrl} answers ${graph.status}, and not as the GraphQL API of a shop.`);
  }
  const probe = await ask(graphUrl, '--graphql', PROBE);
  const { simulator, nobody } = probe.body?.data ?? {};
  if (!simulator?.message || simulator.message === nobody?.message) {
    fail(
      `The shop at ${restUrl} has no simulated payments, so it may be a real one. Nothing was ` +
        'changed in it: the stories make accounts, products, orders and payments.',
    );
  }
};
