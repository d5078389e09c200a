import { beginTrace, runInTrace, startTelemetry } from '@cartograph/telemetry';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { describe, expect, it, vi } from 'vitest';
import { makeKnownOperations } from './known-operations.ts';

const PAGE = { id: 'a'.repeat(64), name: 'Page', type: 'query', body: 'query Page { a }' } as const;
const REGISTERED = 'b'.repeat(64);
const LOGIN = 'mutation { login }';

const operations = makeKnownOperations([PAGE]);
await operations.store.set(`apq:${REGISTERED}`, LOGIN);

const extensionsOf = (sha256Hash: string) => ({ persistedQuery: { version: 1, sha256Hash } });

const post = (body: unknown) => ({ method: 'POST', url: '/graphql', body }) as FastifyRequest;

const get = (parameters: Record<string, string>) =>
  ({ method: 'GET', url: `/graphql?${new URLSearchParams(parameters)}` }) as FastifyRequest;

describe('the text that is executed for a request', () => {
  it.each([
    ['its own', post({ query: '{ b }', extensions: extensionsOf(PAGE.id) }), '{ b }'],
    ['that of a manifest', post({ extensions: extensionsOf(PAGE.id) }), PAGE.body],
    ['that of a manifest', get({ extensions: JSON.stringify(extensionsOf(PAGE.id)) }), PAGE.body],
    ['a registered one', post({ extensions: extensionsOf(REGISTERED) }), LOGIN],
    ['a registered one', get({ extensions: JSON.stringify(extensionsOf(REGISTERED)) }), LOGIN],
    ['none', post({ extensions: extensionsOf('c'.repeat(64)) }), undefined],
    ['none', post(null), undefined],
    ['none', get({}), undefined],
  ])('is %s: %j', (_, request, text) => {
    expect(operations.textOf(request)).toBe(text);
  });

  it.each([null, 0, false, 7, {}, ['{ b }']])('is that of the id when query is %j', (query) => {
    const request = post({ query, extensions: extensionsOf(PAGE.id) });
    expect(operations.textOf(request)).toBe(PAGE.body);
    expect(operations.find(request)).toBe(PAGE);
  });
});

describe('the refusal of an operation that no manifest has', () => {
  it('names the trace of its request', async () => {
    const telemetry = await startTelemetry({ serviceName: 'test', otlpEndpoint: undefined });
    try {
      const traceId = '0af7651916cd43dd8448eb211c80319c';
      const traceparent = `00-${traceId}-b7ad6b7169203331-00`;
      const send = vi.fn();
      const reply = { code: () => ({ send }) } as unknown as FastifyReply;
      await runInTrace(beginTrace({ traceparent }), () =>
        operations.rejectOthers(post({ query: '{ b }' }), reply),
      );
      const extensions = { code: 'PERSISTED_QUERY_NOT_ALLOWED', trace_id: traceId };
      expect(send.mock.calls).toMatchObject([[{ errors: [{ extensions }] }]]);
    } finally {
      await telemetry.stop();
    }
  });
});
