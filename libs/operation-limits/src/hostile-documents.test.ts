import { describe, expect, it } from 'vitest';
import { cpuOf, leastCpuMs } from '@cartograph/testing';
import fc from 'fast-check';
import { buildSchema, parse, specifiedRules, validate } from 'graphql';
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

  it('is counted in time with its length, for any limits', async () => {
    // Depth ends the recursion, selections the unfolding; nothing else ends the count.
    const limits = {
      ...Object.fromEntries(limitNames.map((name) => [name, Infinity])),
      depth: 100,
      selections: 1_000_000,
    } as OperationLimits;
    const counting = (bytes: number) => {
      const text = grow(bytes);
      let document;
      try {
        document = parse(text);
      } catch {
        return () => {}; // Deeper than the parser's stack: the server says so.
      }
      return () => {
        try {
          checkDocument(document, limits);
        } catch {
          // Refused: what counts is the time it took.
        }
      };
    };
    const limit = 8 * Math.max(await cpuOf(counting(64 * 1024), 7), 2);
    expect(await leastCpuMs(counting(256 * 1024), limit)).toBeLessThan(limit);
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

describe('variables', () => {
  const limits = defaultLimits('router');

  it.each([
    ['a list', JSON.stringify(Array.from({ length: MIB / 2 - 1 }, () => 1))],
    ['lists', `[${Array.from({ length: MIB / 3 - 1 }, () => '[]').join()}]`],
    ['an object', `{${Array.from({ length: MIB / 12 }, (_, n) => `"k${n}":1`).join()}}`],
    ['depth', '['.repeat(MIB / 2) + ']'.repeat(MIB / 2)],
  ])('of 1 MiB in %s are refused under 50 ms of CPU', async (_what, text) => {
    const variables: unknown = JSON.parse(text);
    const check = () => expect(() => checkVariables({ a: variables }, limits)).toThrow(/more than/);
    expect(await leastCpuMs(check, 50)).toBeLessThan(50);
  });

  it('may have as many values and levels as the limits say', () => {
    const list = (length: number) => ({ a: Array.from({ length }, () => 'x'.repeat(100)) });
    expect(() => checkVariables(list(limits.variableValues - 1), limits)).not.toThrow();
    expect(() => checkVariables(list(limits.variableValues), limits)).toThrow(/values/);
    const deep = (levels: number): unknown => (levels === 0 ? 1 : [deep(levels - 1)]);
    expect(() => checkVariables({ a: deep(limits.depth) }, limits)).not.toThrow();
    expect(() => checkVariables({ a: deep(limits.depth + 1) }, limits)).toThrow(/levels/);
  });
});
