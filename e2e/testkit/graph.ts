import { noteOrder } from './made.ts';
import { send } from './send.ts';

/** A response of the router. `data` is what the query selects. */
export type GraphResponse = {
  readonly status: number;
  readonly headers: Headers;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a test knows its query
  readonly data: any;
  readonly errors: readonly {
    message: string;
    path?: (string | number)[];
    extensions: { code: string };
  }[];
  readonly text: string;
};

/** Sends a query to the router. */
export const graph = async (
  query: string,
  variables: object = {},
  options: { token?: string | undefined; headers?: Record<string, string> } = {},
): Promise<GraphResponse> => {
  const { status, headers, text } = await send({
    method: 'POST',
    url: process.env['E2E_GRAPH_URL'] ?? '',
    headers: {
      'content-type': 'application/json',
      ...(options.token && { authorization: `Bearer ${options.token}` }),
      ...options.headers,
    },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors = [] } = JSON.parse(text) as {
    data?: { createOrder?: { id?: unknown } | null } | null;
    errors?: GraphResponse['errors'];
  };
  noteOrder(data?.createOrder?.id);
  return { status, headers, data, errors, text };
};
