import { noteMade } from './made.ts';
import { send } from './send.ts';

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
  const { status, text, ...response } = await send({
    method,
    url: `${process.env['E2E_REST_URL']}${path}`,
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(token && { authorization: `Bearer ${token}` }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  const content = isJson ? JSON.parse(text) : null;
  noteMade(path, status, content);
  return { status, headers: response.headers, body: content, text };
};

/** What a response with a problem matches. */
export const problem = (status: number, code: string, more: object = {}) => ({
  status,
  body: { code, ...more },
});

/**
 * What a request returns that makes something for a test.
 * @throws when it was refused, with the reason and the trace
 */
export const restOrThrow = async (
  ...request: Parameters<typeof rest>
): Promise<RestResponse['body']> => {
  const { status, body } = await rest(...request);
  if (status >= 200 && status < 300) return body;
  const [method, path] = request;
  throw new Error(
    `${method} ${path}: ${status} ${body?.code ?? ''}, trace ${body?.trace_id ?? 'unknown'}`,
  );
};
