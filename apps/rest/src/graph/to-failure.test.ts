import { ShopError } from '@cartograph/errors';
import { describe, expect, it } from 'vitest';
import { ProblemError } from '../problems/problem-error.ts';
import { toFailure } from './to-failure.ts';

const failWith = (code: unknown, message = 'it failed', more: object = {}) =>
  toFailure({ message, extensions: { code, ...more } });

describe('a fault of an argument', () => {
  it.each([
    ['after', 'cursor'],
    ['before', 'before'],
    ['filter.categories', 'category'],
    ['filter.category', 'category'],
    ['filter.currency', 'currency'],
    ['first', 'limit'],
    ['last', 'limit'],
    ['filter.maxPrice', 'max_price_cents'],
    ['filter.minPrice', 'min_price_cents'],
    ['filter.skus.3', 'sku'],
    ['filter.text', 'q'],
  ])('%s is a fault of the parameter %s', (argument, field) => {
    const fault = 'is a sentence of the graph';
    const failure = failWith('BAD_USER_INPUT', 'in any words', { argument, fault });
    expect(failure).toBeInstanceOf(ProblemError);
    expect(failure).toMatchObject({ code: 'BAD_USER_INPUT', errors: [{ field, message: fault }] });
  });

  it.each([
    ['it names no argument', {}],
    ['the argument has no parameter', { argument: 'secret', fault: 'must be 3' }],
    ['the argument is no text', { argument: ['first'], fault: { is: 'not valid' } }],
    ['the fault is no text', { argument: 'first', fault: 3 }],
  ])('is only logged when %s', (_why, extensions) => {
    const message = 'first must be 3';
    const failure = failWith('BAD_USER_INPUT', message, extensions);
    expect(failure).toBeInstanceOf(ShopError);
    expect(failure).toMatchObject({ code: 'BAD_USER_INPUT', cause: new Error(message) });
    expect(failure.message).not.toContain(message);
  });
});

describe('an error of the graph', () => {
  it.each(['FORBIDDEN', 'UNAUTHENTICATED', 'NOT_FOUND', 'OPERATION_TOO_LARGE'])(
    'keeps the code %s, and has no cause',
    (code) => {
      const failure = failWith(code);
      expect(failure).toBeInstanceOf(ShopError);
      expect([failure.code, failure.cause]).toEqual([code, undefined]);
    },
  );

  it.each(['GATEWAY_TIMEOUT', 'INTERNAL', 'UNAVAILABLE'])(
    'keeps the code %s, with its cause for the log',
    (code) => {
      expect(failWith(code)).toMatchObject({
        code,
        cause: new Error(`the graph answered ${code}: it failed`),
        retryAfterSeconds: undefined,
      });
      expect(failWith(code, 'it failed', { retryAfterSeconds: 7 })).toMatchObject({
        code,
        retryAfterSeconds: 7,
      });
      expect(failWith(code, 'it failed', { retryAfterSeconds: '7' })).toMatchObject({
        retryAfterSeconds: undefined,
      });
    },
  );

  it.each([
    'DOWNSTREAM_SERVICE_ERROR',
    'REQUEST_RATE_LIMITED',
    'REQUEST_TIMEOUT',
    'SUBREQUEST_HTTP_ERROR',
    'SUBREQUEST_MALFORMED_RESPONSE',
  ])('is UNAVAILABLE when a router says %s of a subgraph', (code) => {
    expect(failWith(code).code).toBe('UNAVAILABLE');
  });

  it.each(['SOMETHING_NEW', 'toString', undefined, 7])('is INTERNAL when it is %j', (code) => {
    expect(failWith(code)).toMatchObject({ code: 'INTERNAL', cause: expect.any(Error) });
  });

  it('is INTERNAL when there is none, and no data', () => {
    expect(toFailure(undefined)).toMatchObject({ code: 'INTERNAL' });
  });
});
