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

const url = (): string => process.env['E2E_GRAPH_URL'] ?? '';

/** Sends a query to the router. */
export const graph = async (
  query: string,
  variables: object = {},
  options: { token?: string | undefined; headers?: Record<string, string> } = {},
): Promise<GraphResponse> => {
  const response = await fetch(url(), {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(options.token && { authorization: `Bearer ${options.token}` }),
      ...options.headers,
    },
    body: JSON.stringify({ query, variables }),
  });
  const text = await response.text();
  const { data, errors = [] } = JSON.parse(text) as {
    data?: unknown;
    errors?: GraphResponse['errors'];
  };
  return { status: response.status, headers: response.headers, data, errors, text };
};
