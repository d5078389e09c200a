/** A response of `/v1`. `body` is null when it is not JSON. */
export type RestResponse = {
  readonly status: number;
  readonly headers: Headers;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a test knows its request
  readonly body: any;
  readonly text: string;
};

/** Sends a request to the REST API. `path` begins with a slash; a text is sent as it is. */
export const rest = async (
  method: string,
  path: string,
  options: { token?: string | undefined; body?: unknown; headers?: Record<string, string> } = {},
): Promise<RestResponse> => {
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

/** What a response with a problem matches. */
export const problem = (status: number, code: string, more: object = {}) => ({
  status,
  body: { code, ...more },
});
