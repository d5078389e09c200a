import { describe, expect, it } from 'vitest';
import { cpuOf, leastCpuMs } from '@cartograph/testing';
import fc from 'fast-check';
import { buildSchema, parse, specifiedRules, validate, type DocumentNode } from 'graphql';
import { checkDocument } from './check-document.ts';
import { checkVariables } from './check-variables.ts';
import { defaultLimits, limitNames, type OperationLimits } from './limits.ts';

const MIB = 1024 * 1024;

const fill = (bytes: number, text: (index: number) => string): string => {
  const parts: string[] = [];
  for (let length = 0, index = 0; length < bytes; index += 1) {
    const part = text(index);
    parts.push(part);
    length += part.length + 1;
  }
  return parts.join(' ');
};

const brackets = (bytes: number, open: string, close: string, inner = ''): string => {
  const levels = Math.floor(bytes / (open.length + close.length));
  return open.repeat(levels) + inner + close.repeat(levels);
};

/** A hostile document of about so many bytes, for each dimension that a document can grow in. */
const DIMENSIONS: Readonly<Record<string, (bytes: number) => string>> = {
  __typename: (bytes) => `{${fill(bytes, () => '__typename')}}`,
  'different fields': (bytes) => `{${fill(bytes, (n) => `f${n}`)}}`,
  aliases: (bytes) => `{${fill(bytes, (n) => `a${n}:__typename`)}}`,
  'fields that merge with what is below': (bytes) => `{${fill(bytes, () => 'a{b c{d}}')}}`,
  'inline fragments': (bytes) => `{${fill(bytes, () => '...{a}')}}`,
  fragments: (bytes) => `{a}${fill(bytes, (n) => `fragment F${n} on Q{a}`)}`,
  spreads: (bytes) => `{${fill(bytes, () => '...F')}}fragment F on Q{a}`,
  'fragments that spread the next': (bytes) =>
    `{...F0}${fill(bytes, (n) => `fragment F${n} on Q{...F${n + 1}}`)}`,
  'fragments that spread the next twice': (bytes) =>
    `{...F0}${fill(bytes, (n) => `fragment F${n} on Q{...F${n + 1} ...F${n + 1}}`)}`,
  'spreads of unknown fragments': (bytes) => `{${fill(bytes, (n) => `...X${n}`)}}`,
  directives: (bytes) => `{a ${fill(bytes, () => '@include(if:true)')}}`,
  'directives of many names': (bytes) => `{a ${fill(bytes, (n) => `@d${n}`)}}`,
  arguments: (bytes) => `{a(${fill(bytes, (n) => `b${n}:1`)})}`,
  operations: (bytes) => fill(bytes, (n) => `query Q${n}{a}`),
  variables: (bytes) => `query(${fill(bytes, (n) => `$v${n}:I`)}){a}`,
  'types of variables': (bytes) => `query($v:${brackets(bytes, '[', ']', 'I')}){a}`,
  depth: (bytes) => brackets(bytes, '{a', '}'),
  'depth of inline fragments': (bytes) => brackets(bytes, '{...', '}', '{a}'),
  lists: (bytes) => `{a(b:[${fill(bytes, () => '1')}])}`,
  'nested lists': (bytes) => `{a(b:${brackets(bytes, '[', ']')})}`,
  objects: (bytes) => `{a(b:{${fill(bytes, (n) => `c${n}:1`)}})}`,
  'nested objects': (bytes) => `{a(b:${brackets(bytes, '{c:', '}', '1')})}`,
  'a string': (bytes) => `{a(b:"${'x'.repeat(bytes)}")}`,
  escapes: (bytes) => `{a(b:"${'\\u{1F600}'.repeat(bytes / 9)}")}`,
  'a block string': (bytes) => `{a(b:"""${' \n'.repeat(bytes / 2)}""")}`,
  'quotes in a block string': (bytes) => `{a(b:"""${'\\"""'.repeat(bytes / 4)}""")}`,
  strings: (bytes) => `{a(b:[${fill(bytes, () => '""')}])}`,
  'a comment': (bytes) => `{a}#${'x'.repeat(bytes)}`,
  comments: (bytes) => `{a}${'#\n'.repeat(bytes / 2)}`,
  commas: (bytes) => `{a${','.repeat(bytes)}}`,
  'a name': (bytes) => `{${'a'.repeat(bytes)}}`,
  'a number': (bytes) => `{a(b:${'1'.repeat(bytes)})}`,
};

const everything = Object.entries(DIMENSIONS);

/** As the server does it: bytes, then tokens, then what a document has. */
const admit = (text: string, limits: OperationLimits): string => {
  if (Buffer.byteLength(text) > limits.bytes) return 'refused';
  try {
    checkDocument(parse(text, { maxTokens: limits.tokens }), limits);
    return 'admitted';
  } catch {
    return 'refused';
  }
};

/** Depth ends the recursion, selections the unfolding; nothing else ends the count. */
const HARDLY_ANY = {
  ...Object.fromEntries(limitNames.map((name) => [name, Infinity])),
  depth: 100,
  selections: 1_000_000,
} as OperationLimits;

const SIZES = [64, 256, 1_024].map((kib) => kib * 1024);

/** Of cost over size, both as logarithms: 1 is time with the length, 2 with its square. A busy machine adds some. */
const MAX_SLOPE = 1.4;

/** In milliseconds: what costs less is not measured exactly. */
const LEAST_MS = 1;

const MIN_TRIES = 4;
const MAX_TRIES = 30;
const MAX_TOTAL_MS = 60_000;

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** The slope of the line through the logarithms of points, by least squares. */
const slopeOf = (points: readonly (readonly [x: number, y: number])[]): number => {
  const logs = points.map(([x, y]) => [Math.log(x), Math.log(y)] as const);
  const [meanX, meanY] = [meanOf(logs.map(([x]) => x)), meanOf(logs.map(([, y]) => y))];
  const covariance = meanOf(logs.map(([x, y]) => (x - meanX) * (y - meanY)));
  return covariance / meanOf(logs.map(([x]) => (x - meanX) ** 2));
};

/**
 * The slope of the least CPU time over the size, of several tries at each size. Other work of the
 * machine and the garbage collector only add to a time: a slope that is too steep is tried again.
 * @param prepare makes what is measured of an input of so many bytes
 */
const leastSlope = async (prepare: (bytes: number) => () => unknown): Promise<number> => {
  const sizes = SIZES.map((bytes) => ({ bytes, task: prepare(bytes), least: Infinity }));
  let slope = Infinity;
  let total = 0;
  for (let tried = 0; tried < MAX_TRIES && total < MAX_TOTAL_MS; tried += 1) {
    if (tried >= MIN_TRIES && slope < MAX_SLOPE) break;
    for (const size of sizes) {
      const cost = await cpuOf(size.task, 1);
      size.least = Math.min(size.least, cost);
      total += cost;
    }
    slope = slopeOf(sizes.map(({ bytes, least }) => [bytes, Math.max(least, LEAST_MS)]));
  }
  return slope;
};

it.each([
  [1, 1],
  [1.5, 1.5],
  [2, 2],
])('cost with the power %s of the size has this slope', (power, slope) => {
  expect(slopeOf(SIZES.map((bytes) => [bytes, 3 * bytes ** power]))).toBeCloseTo(slope);
});

const schema = buildSchema(`
  type Query { a(b: [Int]): Query b: Query c: Query d: Query f: Int }
  type Q { a: Q }
`);

describe.each(everything)('a document of many or long %s', (_what, grow) => {
  it.each(['router', 'subgraph'] as const)(
    'costs a %s under 50 ms of CPU at any size',
    async (where) => {
      const limits = defaultLimits(where);
      for (const bytes of [256, 4_096, 16_384, 65_000, MIB]) {
        const text = grow(bytes);
        let verdict = '';
        expect(await leastCpuMs(() => (verdict = admit(text, limits)), 50)).toBeLessThan(50);
        if (verdict === 'refused') continue;
        const document = parse(text);
        const validating = () => validate(schema, document, specifiedRules, { maxErrors: 20 });
        expect(await leastCpuMs(() => void validating(), 50)).toBeLessThan(50);
      }
      if (!/string|escapes|comment|commas|name|number/.test(_what)) {
        expect(admit(grow(65_000), limits)).toBe('refused');
      }
      expect(admit(grow(MIB), limits)).toBe('refused');
    },
  );

  it('is counted in time with its length', async () => {
    const slope = await leastSlope((bytes) => {
      const text = grow(bytes);
      let document: DocumentNode;
      try {
        document = parse(text);
      } catch {
        return () => {}; // Deeper than the parser's stack: the server says so.
      }
      return () => {
        try {
          checkDocument(document, HARDLY_ANY);
        } catch {
          // Refused: what counts is the time it took.
        }
      };
    });
    expect(slope).toBeLessThan(MAX_SLOPE);
  });
});

describe('documents of many dimensions at once', () => {
  it('are refused, or validated, under 50 ms of CPU', async () => {
    const part = fc.tuple(fc.constantFrom(...everything), fc.integer({ min: 16, max: 8_000 }));
    const limits = defaultLimits('router');
    await fc.assert(
      fc.asyncProperty(fc.array(part, { minLength: 2, maxLength: 6 }), async (parts) => {
        const text = parts.map(([[, grow], bytes]) => grow(bytes)).join('\n');
        let verdict = '';
        expect(await leastCpuMs(() => (verdict = admit(text, limits)), 50)).toBeLessThan(50);
        if (verdict === 'refused') return;
        const document = parse(text);
        const validating = () => validate(schema, document, specifiedRules, { maxErrors: 20 });
        expect(await leastCpuMs(() => void validating(), 50)).toBeLessThan(50);
      }),
      { numRuns: 40 },
    );
  });
});

/** Values of variables of about so many bytes of JSON. */
const VALUES: Readonly<Record<string, (bytes: number) => string>> = {
  'a list': (bytes) => JSON.stringify(Array.from({ length: bytes / 2 - 1 }, () => 1)),
  lists: (bytes) => `[${Array.from({ length: bytes / 3 - 1 }, () => '[]').join()}]`,
  'an object': (bytes) => `{${Array.from({ length: bytes / 12 }, (_, n) => `"k${n}":1`).join()}}`,
  objects: (bytes) => `[${Array.from({ length: bytes / 8 }, () => '{"k":1}').join()}]`,
  depth: (bytes) => '['.repeat(bytes / 2) + ']'.repeat(bytes / 2),
};

describe('variables', () => {
  const limits = defaultLimits('router');

  it.each(Object.entries(VALUES))(
    'of 1 MiB in %s are refused under 50 ms of CPU',
    async (_what, grow) => {
      const a: unknown = JSON.parse(grow(MIB));
      const check = () => expect(() => checkVariables({ a }, limits)).toThrow(/more than/);
      expect(await leastCpuMs(check, 50)).toBeLessThan(50);
    },
  );

  it.each(Object.entries(VALUES))(
    'in %s are counted in time with their length',
    async (_what, grow) => {
      const slope = await leastSlope((bytes) => {
        const a: unknown = JSON.parse(grow(bytes));
        return () => {
          try {
            checkVariables({ a }, HARDLY_ANY);
          } catch {
            // Too deep.
          }
        };
      });
      expect(slope).toBeLessThan(MAX_SLOPE);
    },
  );

  it('may have as many values and levels as the limits say', () => {
    const list = (length: number) => ({ a: Array.from({ length }, () => 'x'.repeat(100)) });
    expect(() => checkVariables(list(limits.variableValues - 1), limits)).not.toThrow();
    expect(() => checkVariables(list(limits.variableValues), limits)).toThrow(/values/);
    const deep = (levels: number): unknown => (levels === 0 ? 1 : [deep(levels - 1)]);
    expect(() => checkVariables({ a: deep(limits.depth) }, limits)).not.toThrow();
    expect(() => checkVariables({ a: deep(limits.depth + 1) }, limits)).toThrow(/levels/);
  });
});
