import { send } from './send.ts';

/** A request that a library has sent, and what a test looks at of its response. */
export type Sent = {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The body of the request; undefined for a GET. */
  readonly body: string | undefined;
  /** The `Age` of the response: null when it did not come from a cache. */
  readonly age: string | null;
};

/**
 * Makes a `fetch` to give to a library. The report has its requests, and those that a remote shop
 * rejects for a short time are sent again.
 * @returns it, and the requests that it has sent, the oldest first
 */
export const makeFetch = (): { readonly fetch: typeof fetch; readonly sent: readonly Sent[] } => {
  const sent: Sent[] = [];
  return {
    sent,
    fetch: async (input, init) => {
      const request = new Request(input, init);
      const { method, url } = request;
      const headers = Object.fromEntries(request.headers);
      const body = method === 'GET' ? undefined : await request.text();
      const received = await send({ method, url, headers, body });
      sent.push({ method, url, headers, body, age: received.headers.get('age') });
      return new Response(received.text, received);
    },
  };
};
