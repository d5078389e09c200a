import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { trace } from '@opentelemetry/api';
import { node } from '@opentelemetry/sdk-node';
import { makeLogger } from './make-logger.ts';

let lines: string[];
const destination = { write: (line: string) => void lines.push(line) };
const log = makeLogger({ name: 'order', level: 'info' }, destination);

beforeEach(() => {
  lines = [];
});

const lastLine = () => JSON.parse(lines.at(-1) ?? 'null') as Record<string, unknown>;

describe('a log line', () => {
  it('is one JSON object with level, time, service, message and the given fields', () => {
    log.info({ order_id: 'C-1' }, 'order placed');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^\{.*\}\n$/);
    expect(lastLine()).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      service: 'order',
      order_id: 'C-1',
      msg: 'order placed',
    });
  });

  it('is one line for any text of a client', () => {
    log.info({ name: 'a\n{"level":"fatal"}\r\n\0' }, 'name\nchanged');
    expect(lines[0]?.trimEnd().split(/[\r\n]/)).toHaveLength(1);
    expect(lastLine()['name']).toBe('a\n{"level":"fatal"}\r\n\0');
  });

  it('is not written below the level', () => {
    log.debug('looked at');
    makeLogger({ name: 'order', level: 'silent' }, destination).fatal('gone');
    expect(lines).toEqual([]);
  });

  it('has an error with its stack and its cause', () => {
    const cause = new Error('connect ECONNREFUSED');
    log.error({ err: new Error('not answered', { cause }) }, 'request failed');
    const { message, stack } = lastLine()['err'] as { message: string; stack: string };
    expect(message).toContain('not answered');
    expect(stack).toContain('connect ECONNREFUSED');
  });
});

describe('a secret', () => {
  const secrets = [
    'authorization',
    'cookie',
    'password',
    'newPassword',
    'currentPassword',
    'token',
    'accessToken',
    'refreshToken',
    'access_token',
    'refresh_token',
    'passwordHash',
    'password_hash',
    'card',
    'secret',
    'x-router-authorization',
    'x-cartograph-caller',
  ];

  it.each(secrets)('called %s never reaches a line, at the top or inside', (field) => {
    const carrier = { [field]: 'hunter2', kept: 'shown' };
    log.info(carrier, 'top');
    log.info({ input: carrier }, 'inside');
    log.info({ request: { headers: carrier } }, 'deeper');
    log.info({ list: [carrier] }, 'in a list');
    log.child(carrier).info('in a child');
    log.child({}).child({ input: carrier }).info("in a child's child");
    const renamed = log.child({});
    renamed.setBindings(carrier);
    renamed.info('in new fields of a child');
    log.error({ err: Object.assign(new Error('failed'), carrier) }, 'in an error');
    log.error(Object.assign(new Error('failed', { cause: carrier }), { sent: carrier }));
    expect(lines).toHaveLength(9);
    for (const line of lines) {
      expect(line).not.toContain('hunter2');
      expect(line).toContain('[redacted]');
      expect(line).toContain('shown');
    }
  });

  it('is hidden completely, of any type', () => {
    log.info({ card: { number: '4111111111111111' }, token: ['hunter2'] }, 'paid');
    expect(lastLine()).toMatchObject({ card: '[redacted]', token: '[redacted]' });
  });

  it('does not change how an error is logged', () => {
    log.error({ err: Object.assign(new TypeError('refused'), { token: 'hunter2' }) }, 'failed');
    expect(lastLine()['err']).toMatchObject({
      type: 'TypeError',
      message: 'refused',
      stack: expect.stringContaining('make-logger.test.ts'),
      token: '[redacted]',
    });
  });

  it('is found in an object that contains itself', () => {
    const order: Record<string, unknown> = { card: 'hunter2' };
    order['order'] = order;
    log.info({ order }, 'order placed');
    expect(lines[0]).not.toContain('hunter2');
    expect(lines[0]).toContain('[redacted]');
  });

  it('stays in the logged object', () => {
    const input = { password: 'hunter2' };
    log.info({ input }, 'signed in');
    expect(input).toEqual({ password: 'hunter2' });
  });
});

describe('the trace of a log line', () => {
  const provider = new node.NodeTracerProvider();
  const tracer = provider.getTracer('test');

  beforeAll(() => provider.register());
  afterAll(async () => {
    await provider.shutdown();
    trace.disable();
  });

  it('is that of the span it was written in, across what it waits for', async () => {
    const ids = await tracer.startActiveSpan('pay', async (span) => {
      await new Promise((resolve) => setImmediate(resolve));
      log.info('order paid');
      span.end();
      return span.spanContext();
    });
    expect(ids.traceId).toMatch(/^[\da-f]{32}$/);
    expect(lastLine()).toMatchObject({ trace_id: ids.traceId, span_id: ids.spanId });
  });

  it('is not mixed up between concurrent spans', async () => {
    const traced = await Promise.all(
      ['one', 'two', 'three'].map((name) =>
        tracer.startActiveSpan(name, async (span) => {
          await new Promise((resolve) => setImmediate(resolve));
          log.info(name);
          return [name, span.spanContext().traceId];
        }),
      ),
    );
    const written = lines.map((line) => JSON.parse(line) as { msg: string; trace_id: string });
    expect(written.map((line) => [line.msg, line.trace_id]).sort()).toEqual(traced.sort());
  });

  it('is left out where there is none', () => {
    log.info('process started');
    expect(lastLine()).not.toHaveProperty('trace_id');
  });
});
