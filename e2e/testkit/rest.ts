/** What `/v1` answered. `body` is what the scenario expects there; null when there is none. */
export type RestAnswer = {
  readonly status: number;
  readonly headers: Headers;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a test reads what it asked for
  readonly body: any;
  readonly text: string;
};

/** Sends a request to the REST door, as a legacy client does. `path` begins with a slash. */
export const rest = async (
  method: string,
  path: string,
  options: { token?: string | undefined; body?: unknown; headers?: Record<string, string> } = {},
): Promise<RestAnswer> => {
  const { token, body, headers } = options;
  const response = await fetch(`${process.env['E2E_REST_URL']}${path}`, {
    method,
    redirect: 'manual',
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(token && { authorization: `Bearer ${token}` }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  return {
    status: response.status,
    headers: response.headers,
    body: isJson ? (JSON.parse(text) as unknown) : null,
    text,
  };
};
