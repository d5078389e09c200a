import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Compile } from 'typebox/schema';
import { startTelemetry } from '@cartograph/telemetry';
import { statuses, type Code } from '../src/problems/problem-error.ts';
import { startRest, type Rest } from './kit/start-rest.ts';

type Media = {
  readonly schema: object;
  readonly example?: unknown;
  /** Of each code, by reference. */
  readonly examples?: Readonly<Record<string, object>>;
};

type Operation = {
  readonly operationId?: string;
  readonly security?: readonly object[];
  readonly parameters?: readonly {
    readonly $ref?: string;
    readonly in: string;
    readonly name: string;
  }[];
  readonly requestBody?: { readonly required: boolean; readonly content: Record<string, Media> };
  readonly responses: Readonly<Record<string, Response>>;
};

type Response = {
  readonly $ref?: string;
  readonly headers?: object;
  readonly content?: Readonly<Record<string, Media>>;
};

type Document = {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, object>>;
    readonly examples: Readonly<Record<string, { readonly value: Record<string, unknown> }>>;
    readonly responses: Readonly<Record<string, Response>>;
    readonly parameters: Readonly<
      Record<string, { readonly schema: { readonly pattern: string } }>
    >;
  };
};

let rest: Rest;
let document: Document;
let operations: readonly (Operation & { readonly route: string })[];

/** The response that a `$ref` names. */
const follow = (response: Response): Response =>
  document.components.responses[response.$ref?.split('/').at(-1) ?? ''] ?? response;

beforeAll(async () => {
  rest = await startRest();
  document = (await rest.app.inject('/openapi.json')).json<Document>();
  operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      ...operation,
      responses: Object.fromEntries(
        Object.entries(operation.responses).map(([status, response]) => [status, follow(response)]),
      ),
      route: `${method.toUpperCase()} ${path}`,
    })),
  );
});

afterAll(() => rest.close());

const mediaOf = ({ requestBody, responses }: Operation): readonly Media[] =>
  [requestBody, ...Object.values(responses)].flatMap((one) => Object.values(one?.content ?? {}));

/** The codes that an operation documents. */
const codesOf = ({ responses }: Operation): readonly string[] =>
  Object.values(responses).flatMap(({ content }) =>
    Object.keys(content?.['application/problem+json']?.examples ?? {}),
  );

/** The routes for which this is so. */
const routesWhere = (isSo: (operation: Operation) => boolean): readonly string[] =>
  operations.filter(isSo).map(({ route }) => route);

describe('the OpenAPI document', () => {
  it('names each operation once', () => {
    const ids = operations.map(({ operationId }) => operationId);
    expect(ids.every((id) => /^[a-z][A-Za-z]+$/.test(id ?? ''))).toBe(true);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('says which operations need no sign-in, and for which it is optional', () => {
    expect(routesWhere(({ security }) => security?.length === 0)).toEqual([
      'POST /v1/auth/register',
      'POST /v1/auth/login',
      'POST /v1/auth/refresh',
      'GET /v1/categories',
      'GET /v1/products/{id}',
      'GET /v1/products/by-sku/{sku}',
      'POST /v1/orders/preview',
      'GET /v1/payment-methods',
      'POST /v1/webhooks/payments/{provider}',
    ]);
    expect(routesWhere(({ security }) => security === undefined)).toEqual([]);
    const optional = JSON.stringify([{}, { bearer: [] }]);
    expect(routesWhere(({ security }) => JSON.stringify(security) === optional)).toEqual([
      // A session can be ended by its refresh token alone.
      'POST /v1/auth/logout',
      // Only administrators may list archived products.
      'GET /v1/products',
    ]);
  });

  it('has an example for every body, and each is valid', () => {
    const faults = operations.flatMap((operation) =>
      mediaOf(operation).flatMap(({ schema, example, examples }) => {
        const values = examples
          ? Object.keys(examples).map((code) => document.components.examples[code]?.value)
          : [example];
        const validator = Compile({ components: document.components, ...schema });
        return values
          .filter((value) => value === undefined || !validator.Check(value))
          .map((value) => [operation.route, value]);
      }),
    );
    expect(faults).toEqual([]);
  });

  it('allows each new password that the user service may accept', () => {
    const ofRoute = (name: string) => operations.find(({ route }) => route === name)?.requestBody;
    const allows = (name: string, body: object) => {
      const schema = ofRoute(name)?.content['application/json']?.schema ?? {};
      return Compile({ components: document.components, ...schema }).Check(body);
    };
    const isAllowed = (password: string) => [
      allows('POST /v1/auth/register', { email: 'ann@example.com', password }),
      allows('POST /v1/auth/password', { current_password: 'x', new_password: password }),
    ];
    // One character that is 18 in NFKC, and 512 that are 128.
    expect('\u{fdfa}'.normalize('NFKC')).toHaveLength(18);
    expect(isAllowed('\u{fdfa}')).toEqual([true, true]);
    const typed = '\u03b1\u0313\u0300\u0345'.repeat(128);
    expect([...typed.normalize('NFKC')]).toHaveLength(128);
    expect(isAllowed(typed)).toEqual([true, true]);
    expect(isAllowed('')).toEqual([false, false]);
    expect(isAllowed('x'.repeat(513))).toEqual([false, false]);
  });

  it('says which bodies may be left out, and they may', async () => {
    const optional = routesWhere(({ requestBody }) => requestBody?.required === false);
    expect(optional).toEqual([
      'POST /v1/auth/logout',
      'POST /v1/orders/{id}/pay',
      'POST /v1/orders/{id}/cancel',
    ]);
    for (const route of optional) {
      const [method = '', path = ''] = route.split(' ');
      const reply = await rest.send(method as 'POST', path.replace('{id}', 'x'));
      expect([route, reply.body['code']]).not.toEqual([route, 'VALIDATION_FAILED']);
    }
  });

  it('has the problems that follow from what an operation reads', () => {
    const lacks = (code: Code) => (operation: Operation) => !codesOf(operation).includes(code);
    const isWebhook = ({ operationId }: Operation) => operationId === 'receivePaymentWebhook';
    const hasInput = ({ parameters = [], requestBody }: Operation) =>
      requestBody !== undefined ||
      parameters.some((one) => one.in === 'query' || one.in === 'header');
    const hasPath = ({ parameters = [] }: Operation) => parameters.some((one) => one.in === 'path');
    expect(
      routesWhere((one) => hasInput(one) && lacks('VALIDATION_FAILED')(one) && !isWebhook(one)),
    ).toEqual([]);
    expect(routesWhere((one) => hasPath(one) && lacks('NOT_FOUND')(one))).toEqual([]);
    const unread = routesWhere(lacks('PAYLOAD_TOO_LARGE'));
    expect(unread.filter((route) => !route.startsWith('GET '))).toEqual([]);
  });

  it('has the headers of every request at each operation, as they are read', async () => {
    const names = Object.keys(document.components.parameters);
    const references = names.map((name) => ({ $ref: `#/components/parameters/${name}` }));
    expect(names).toEqual(['RequestId', 'Traceparent']);
    for (const { route, parameters = [] } of operations) {
      expect([route, parameters.filter(({ $ref }) => $ref)]).toEqual([route, references]);
    }
    const { RequestId: requestId, Traceparent: traceparent } = document.components.parameters;
    const ids = ['a', 'A_b.c:d-1', 'x'.repeat(128), 'x'.repeat(129), 'a b', 'ä', '"a"'];
    for (const id of ids) {
      const { headers } = await rest.send('GET', '/v1/nothing', {
        headers: { 'x-request-id': id },
      });
      const isRead = new RegExp(requestId?.schema.pattern ?? '').test(id);
      expect([id, headers['x-request-id'] === id]).toEqual([id, isRead]);
    }
    const telemetry = await startTelemetry({ serviceName: 'rest', otlpEndpoint: undefined });
    const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
    for (const text of [
      `00-${trace}-00f067aa0ba902b7-01`,
      `01-${trace}-00f067aa0ba902b7-01-more`,
      `00-${trace}-00f067aa0ba902b7`,
      `00-${trace.toUpperCase()}-00f067aa0ba902b7-01`,
    ]) {
      const { body } = await rest.send('GET', '/v1/nothing', { headers: { traceparent: text } });
      const isRead = new RegExp(traceparent?.schema.pattern ?? '').test(text);
      expect([text, body['trace_id'] === trace]).toEqual([text, isRead]);
    }
    await telemetry.stop();
  });

  it('gives each problem the status of its code, and a request id to each response', () => {
    for (const { route, responses } of operations) {
      for (const [status, { headers, content }] of Object.entries(responses)) {
        expect([route, status, Object.keys(headers ?? {})]).toEqual([
          route,
          status,
          expect.arrayContaining(['X-Request-Id']),
        ]);
        const examples = content?.['application/problem+json']?.examples ?? {};
        for (const code of Object.keys(examples)) {
          const value = document.components.examples[code]?.value;
          expect([value?.['status'], value?.['code']]).toEqual([Number(status), code]);
          expect(statuses[code as Code]).toBe(Number(status));
        }
      }
    }
  });
});
