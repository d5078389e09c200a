import { findBreakingChanges, type Contract } from '../find-breaking-changes.ts';

/** A body of JSON. */
export const json = (schema: object) => ({ 'application/json': { schema } });
/** A body that is a problem. */
export const problem = (schema: object) => ({ 'application/problem+json': { schema } });

const order = {
  type: 'object',
  required: ['id', 'status', 'items'],
  properties: {
    id: { type: 'string', format: 'uuid' },
    status: { type: 'string', enum: ['PENDING', 'PAID'] },
    note: { anyOf: [{ type: 'string' }, { type: 'null' }] },
    items: {
      type: 'array',
      items: { type: 'object', required: ['qty'], properties: { qty: { type: 'integer' } } },
    },
  },
};

const newOrder = {
  type: 'object',
  required: ['qty'],
  properties: {
    qty: { type: 'integer', minimum: 1, maximum: 10 },
    text: { type: 'string', minLength: 1, maxLength: 20 },
    list: { type: 'array', minItems: 1, maxItems: 5, items: { type: 'string' } },
    size: { type: 'string', enum: ['S', 'L'] },
    note: { anyOf: [{ type: 'string', maxLength: 9 }, { type: 'null' }] },
    price: { type: 'number' },
  },
};

/** A small contract with one of everything that is compared. */
export const base = {
  paths: {
    '/orders': {
      get: {
        operationId: 'listOrders',
        security: [],
        parameters: [
          { name: 'q', in: 'query', schema: { type: 'string' } },
          { name: 'If-Match', in: 'header', required: true, schema: { type: 'string' } },
        ],
        responses: {
          '200': {
            headers: { ETag: {} },
            content: json({ $ref: '#/components/schemas/Order' }),
          },
          '404': { $ref: '#/components/responses/NotFound' },
        },
      },
      post: {
        operationId: 'createOrder',
        security: [{ bearer: [] }],
        requestBody: { required: false, content: json(newOrder) },
        responses: { '201': { content: json({ $ref: '#/components/schemas/Order' }) } },
      },
    },
    '/me': { get: { operationId: 'getMe', security: [{}, { bearer: [] }], responses: {} } },
  },
  components: {
    schemas: {
      Order: order,
      Problem: {
        type: 'object',
        required: ['code'],
        properties: { code: { type: 'string', enum: ['A', 'B'] }, detail: { type: 'string' } },
      },
      A: {
        allOf: [
          { $ref: '#/components/schemas/Problem' },
          {
            type: 'object',
            required: ['left'],
            properties: { code: { const: 'A' }, left: { type: 'integer' } },
          },
        ],
      },
    },
    responses: { NotFound: { content: problem({ $ref: '#/components/schemas/A' }) } },
  },
};

/** Changes one member, by its path; `undefined` removes it. */
const change = (path: string, value: unknown): Contract => {
  const document = structuredClone(base) as unknown as Record<string, unknown>;
  const keys = path.split(' ');
  const last = keys.pop() ?? '';
  const node = keys.reduce<Record<string, unknown>>(
    (parent, key) => parent[key] as Record<string, unknown>,
    document,
  );
  if (value === undefined) delete node[last];
  else node[last] = value;
  return document as unknown as Contract;
};

/** The sentences about a change of one member. */
export const compare = (path: string, value: unknown) =>
  findBreakingChanges(base as unknown as Contract, change(path, value));
