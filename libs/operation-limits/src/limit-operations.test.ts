import { beginTrace, runInTrace, startTelemetry } from '@cartograph/telemetry';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { parse } from 'graphql';
import { describe, expect, it, vi } from 'vitest';
import { readCostRules } from './cost-rules.ts';
import { limitOperations } from './limit-operations.ts';
import { defaultLimits } from './limits.ts';

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';

const rules = readCostRules(parse('type Query { a: Int }'));

describe('a query text that is too long', () => {
  it('is refused with the trace of its request, and counted by its code', async () => {
    const telemetry = await startTelemetry({ serviceName: 'test', otlpEndpoint: undefined });
    try {
      const onRefusal = vi.fn();
      const limiter = limitOperations(defaultLimits('router'), rules, onRefusal);
      const request = { method: 'POST', body: { query: '#'.repeat(70_000) } } as FastifyRequest;
      const send = vi.fn();
      const reply = { code: () => ({ send }) } as unknown as FastifyReply;
      await runInTrace(beginTrace({ traceparent: `00-${TRACE_ID}-b7ad6b7169203331-00` }), () =>
        limiter.checkRequest(request, reply),
      );
      const extensions = { code: 'OPERATION_TOO_LARGE', trace_id: TRACE_ID };
      expect(send.mock.calls).toMatchObject([[{ errors: [{ extensions }] }]]);
      expect(onRefusal.mock.calls).toEqual([[request, 'OPERATION_TOO_LARGE']]);
    } finally {
      await telemetry.stop();
    }
  });
});
