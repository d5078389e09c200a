import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { makeHttpServer } from '@cartograph/http';
import { testInfrastructure } from '@cartograph/testing';
import type { FastifyInstance } from 'fastify';
import { rejectOverload } from '../src/reject-overload.ts';

const measure = vi.fn();
let app: FastifyInstance;

beforeEach(async () => {
  app = makeHttpServer(testInfrastructure(), {});
  rejectOverload(app, {
    route: '/graphql',
    mayBeExecuted: ({ body }) => !JSON.stringify(body).includes('unknown'),
    mayShare: (key) => key.includes('stored'),
    laneOf: ({ body }) => (JSON.stringify(body).includes('pay') ? 'payment' : 'general'),
    admission: {
      isFull: (lane) => lane === 'general',
      isRejected: (lane) => lane === 'general',
      run: (_lane, work) => work(),
    },
    measure,
    crossOrigin: { origins: ['*'], exposedHeaders: ['Retry-After'] },
  });
  app.post('/graphql', (request) => request.body);
  await app.listen({ host: '127.0.0.1', port: 0 });
});

afterEach(async () => {
  await app.close();
  measure.mockReset();
});

const post = (query: string) =>
  fetch(`http://127.0.0.1:${(app.server.address() as AddressInfo).port}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: 'https://shop.example' },
    body: JSON.stringify({ query, operationName: 'Page' }),
  });

describe('a router whose lane general is full', () => {
  it('rejects a page, and measures it', async () => {
    const response = await post('{ page }');
    expect(response.status).toBe(503);
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(measure.mock.calls).toMatchObject([
      [{ method: 'POST', errorCode: 'UNAVAILABLE' }, { statusCode: 503 }],
    ]);
  });

  it.each(['{ unknown }', '{ stored }', '{ pay }'])(
    'leaves to its handler what may not be executed, may need no slot, or has another lane: %s',
    async (query) => {
      expect((await post(query)).status).toBe(200);
      expect(measure).not.toHaveBeenCalled();
    },
  );
});
