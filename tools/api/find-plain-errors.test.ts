import { expect, it } from 'vitest';
import { findPlainErrors } from './find-plain-errors.ts';

const problem = { content: { 'application/problem+json': {} } };

it('finds every error that is not a problem', () => {
  const document = {
    components: { responses: { Gone: problem, Plain: { content: { 'text/plain': {} } } } },
    paths: {
      '/orders': {
        get: {
          responses: {
            '200': { content: { 'application/json': {} } },
            '304': {},
            '401': problem,
            '410': { $ref: '#/components/responses/Gone' },
            '404': { $ref: '#/components/responses/Plain' },
          },
        },
        post: {
          responses: {
            '409': {},
            '500': { content: { ...problem.content, 'application/json': {} } },
          },
        },
      },
    },
  };
  expect(findPlainErrors(document)).toEqual([
    'GET /orders: 404 is not application/problem+json',
    'POST /orders: 409 is not application/problem+json',
    'POST /orders: 500 is not application/problem+json',
  ]);
});
