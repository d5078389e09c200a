import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { request as openRequest, type Agent, type IncomingMessage } from 'node:http';
import { text as readText } from 'node:stream/consumers';
import type { Caller } from '@cartograph/auth';
import { signRequest, type TokenMaker } from '@cartograph/testing';
import { documentOf, type Operation, type Result } from './operations.ts';
import type { ServiceName } from './service-process.ts';

/** The response of a subgraph; `text` is its body. */
export type ServiceResponse = {
  readonly text: string;
  readonly data: Readonly<Record<string, unknown>> | null;
  readonly errors: readonly { message: string; extensions: { code: string } }[];
};

/** How a request is sent, where it differs from the router's requests for a guest. */
export type RequestOptions = {
  readonly authorization?: string;
  readonly caller?: Caller;
  /** In place of the service's own address. */
  readonly origin?: string;
};

/** A response with errors: `code` is what a client sees. */
export class RequestError extends Error {
  readonly code: string;

  constructor(about: string, error: ServiceResponse['errors'][number]) {
    super(`${about}: ${error.extensions.code}: ${error.message}`);
    this.code = error.extensions.code;
  }
}

/** Twice the router's timeout. */
const TIMEOUT_MS = 30_000;

/** Tokens are valid for ten minutes, less than a proof takes. */
const TOKEN_LIFE_MS = 5 * 60_000;

/** The result of the one mutation in a response; null when there is none. */
export const resultOf = ({ data }: ServiceResponse): Result | null =>
  (Object.values(data ?? {})[0] as Result | undefined) ?? null;

/**
 * Makes the client of a sandbox, which calls subgraphs as the router does.
 * @param agent where connections are reused; without one, each request opens its own
 */
export const makeClient = (
  originOf: (service: ServiceName) => string,
  tokens: TokenMaker,
  agent: Agent | false,
) => {
  /** @throws when there is no response */
  const query = async (
    service: ServiceName,
    document: string,
    variables: object,
    { authorization, caller, origin = originOf(service) }: RequestOptions = {},
  ): Promise<ServiceResponse> => {
    const { headers, body } = signRequest(service, { query: document, variables }, caller);
    const outgoing = openRequest(`${origin}/graphql`, {
      method: 'POST',
      agent,
      signal: AbortSignal.timeout(TIMEOUT_MS),
      headers: {
        ...headers,
        'content-length': Buffer.byteLength(body),
        ...(authorization !== undefined && { authorization }),
      },
    });
    outgoing.end(body);
    const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
    const text = await readText(incoming);
    const { data = null, errors = [] } = JSON.parse(text) as Partial<ServiceResponse>;
    return { text, data, errors };
  };

  /** @throws when there is no response */
  const request = (operation: Operation, input: object, options: RequestOptions = {}) => {
    const { service, query: document } = documentOf(operation);
    return query(service, document, { input }, options);
  };

  /** @throws {RequestError} when the response has errors: what a client can cause is data */
  const send = async (operation: Operation, input: object, options: RequestOptions = {}) => {
    const response = await request(operation, input, options);
    if (response.errors[0]) throw new RequestError(operation, response.errors[0]);
    return resultOf(response) as Result;
  };

  const signIn = (role: 'USER' | 'ADMIN' = 'USER') => {
    const id = randomUUID();
    let token = { authorization: '', at: Number.NEGATIVE_INFINITY };
    const authorization = (): string => {
      if (Date.now() - token.at > TOKEN_LIFE_MS) {
        token = { authorization: tokens.authorize(role, id).authorization, at: Date.now() };
      }
      return token.authorization;
    };
    return {
      id,
      request: (operation: Operation, input: object, options: RequestOptions = {}) =>
        request(operation, input, { authorization: authorization(), ...options }),
      send: (operation: Operation, input: object) =>
        send(operation, input, { authorization: authorization() }),
    };
  };

  return { query, request, send, signIn };
};

/** A customer or an administrator. */
export type Person = ReturnType<ReturnType<typeof makeClient>['signIn']>;
