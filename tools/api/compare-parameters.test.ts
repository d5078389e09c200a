import { describe, expect, it } from 'vitest';
import { compareParameters, type Parameter } from './compare-parameters.ts';
import { makeResolve } from './schema.ts';

type Named = Readonly<Record<string, Parameter>>;

const requestId: Parameter = {
  name: 'X-Request-Id',
  in: 'header',
  required: false,
  schema: { type: 'string', maxLength: 128, pattern: '^[A-Za-z]+$' },
};

const resolveIn = (parameters: Named) => makeResolve({ components: { parameters } });

/** Compares parameters that both sides refer to, or that the one after has itself. */
const compare = (after: Parameter | null, ownParameters: readonly Parameter[] = []) => {
  const reference = { $ref: '#/components/parameters/RequestId' } as unknown as Parameter;
  return compareParameters({
    before: [reference],
    after: after ? [reference, ...ownParameters] : ownParameters,
    resolveBefore: resolveIn({ RequestId: requestId }),
    resolveAfter: resolveIn(after ? { RequestId: after } : {}),
  });
};

describe('a parameter that operations refer to', () => {
  it.each<[string, Parameter | null, readonly string[]]>([
    ['no change', requestId, []],
    ['a wider bound', { ...requestId, schema: { ...requestId.schema, maxLength: 200 } }, []],
    ['a requirement', { ...requestId, required: true }, ['is required now']],
    [
      'another pattern',
      { ...requestId, schema: { ...requestId.schema, pattern: '^[a-z]+$' } },
      ['pattern is no longer the same'],
    ],
    [
      'a lower bound',
      { ...requestId, schema: { ...requestId.schema, maxLength: 9 } },
      ['maxLength was 128, is 9'],
    ],
    ['nothing in its place', null, ['is no longer known']],
  ])('with %s', (_what, after, faults) => {
    expect(compare(after)).toEqual(
      faults.map((fault) => `header parameter X-Request-Id: ${fault}`),
    );
  });

  it('is the same when an operation has it itself', () => {
    expect(compare(null, [requestId])).toEqual([]);
  });

  it('is new when there was none: it may not be required', () => {
    const added = { name: 'traceparent', in: 'header', required: true };
    expect(compare(requestId, [added])).toEqual(['header parameter traceparent: is required now']);
  });
});
