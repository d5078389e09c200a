import { makeLogger } from '@cartograph/logging';
import type { FastifyInstance, InjectOptions } from 'fastify';
import { readConfig } from '../../src/config.ts';
import { makeServer } from '../../src/server.ts';
import { makeResponseCheck } from './check-response.ts';
import { readEvents } from './read-events.ts';
import { startRouter, type Router } from './start-router.ts';

/** The response to a request. */
export type Reply = {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Record<string, unknown>;
};

/** The REST API over a fake router. */
export type Rest = {
  readonly app: FastifyInstance;
  readonly router: Router;
  /** Every line that was logged. */
  readonly logged: readonly string[];
  /**
   * Sends a request with JSON in it, if any, and reads the JSON of the response.
   * @throws when the response contradicts the OpenAPI document
   */
  readonly send: (
    method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE' | 'OPTIONS',
    url: string,
    options?: { body?: object; headers?: Record<string, string> },
  ) => Promise<Reply>;
  /** As `send`, for what is no JSON. */
  readonly sendRaw: (options: InjectOptions) => Promise<Reply>;
  readonly close: () => Promise<void>;
};

const readBody = (text: string): Record<string, unknown> => {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
};

/** Starts the server of the REST API over a fake router. */
export const startRest = async (env: Record<string, string> = {}): Promise<Rest> => {
  const router = await startRouter();
  const logged: string[] = [];
  const app = await makeServer({
    config: readConfig({
      NODE_ENV: 'test',
      ROUTER_URL: router.url,
      ROUTER_TIMEOUT_MS: '60000',
      // Tests change what the router answers from request to request.
      RESPONSE_CACHE_MAX_AGE_MS: '0',
      ...env,
    }),
    log: makeLogger({ name: 'rest', level: 'warn' }, { write: (line) => void logged.push(line) }),
  });
  const findFaults = makeResponseCheck(() => app.swagger());
  const sendRaw: Rest['sendRaw'] = async (options) => {
    const response = await app.inject(options);
    const { statusCode: status, headers } = response;
    const reply = { status, headers, body: readBody(response.body) };
    const { method = 'GET', url } = options;
    const isStream = String(headers['content-type']).startsWith('text/event-stream');
    const received = { ...reply, ...(isStream && { body: readEvents(response.body) }) };
    const faults = typeof url === 'string' ? findFaults(method, url, received) : [];
    if (faults.length > 0) throw new Error(`undocumented response: ${faults.join('; ')}`);
    return reply;
  };
  return {
    app,
    router,
    logged,
    sendRaw,
    send: (method, url, { body, headers = {} } = {}) =>
      sendRaw({ method, url, headers, ...(body && { payload: body }) }),
    close: async () => {
      await app.close();
      await router.close();
    },
  };
};
