import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { GraphQLError, parse } from 'graphql';
import { checkDocument } from './check-document.ts';
import { limitNames, limitTable, type LimitName, type OperationLimits } from './limits.ts';

const repeat = (count: number, text: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => text(index)).join(' ');

const nest = (levels: number): string => '{a'.repeat(levels) + '}'.repeat(levels);

/** No limit but those that a test is about. */
const unlimited = Object.fromEntries(limitNames.map((name) => [name, Infinity]));
const only = (limits: Partial<OperationLimits>) => ({ ...unlimited, ...limits }) as OperationLimits;

const refusalOf = (text: string, limits: OperationLimits): string | null => {
  try {
    checkDocument(parse(text), limits);
    return null;
  } catch (error) {
    if (error instanceof GraphQLError) return error.message;
    throw error;
  }
};

/** A document that has exactly `count` of what the limit counts. */
const SAMPLES: readonly [LimitName, string, (count: number) => string][] = [
  ['selections', 'fields', (count) => `{${repeat(count, (n) => `f${n}`)}}`],
  [
    'selections',
    'in fragments',
    (count) => `{a ...F} fragment F on Q {${'a '.repeat(count / 2 - 1)}}`,
  ],
  ['selections', 'inline', (count) => `{${'...{a} '.repeat(count / 2)}}`],
  ['selections', 'of all operations', (count) => repeat(count, (n) => `query Q${n} {a}`)],
  ['aliases', 'of fields', (count) => `{${repeat(count, (n) => `a${n}: f`)}}`],
  ['aliases', 'of __typename', (count) => `{${repeat(count, (n) => `a${n}: __typename`)}}`],
  ['aliases', 'in fragments', (count) => `{...F} fragment F on Q {${'x: a '.repeat(count / 2)}}`],
  ['mergedFields', 'in one set', (count) => `{${'__typename '.repeat(count)}}`],
  ['mergedFields', 'under one alias', (count) => `{${'x: f '.repeat(count)}}`],
  ['mergedFields', 'below fields', (count) => `{${'a{b} '.repeat(count)}}`],
  ['mergedFields', 'twice twice', (count) => `{${'a{b b} '.repeat(count / 2)}}`],
  ['mergedFields', 'by spreads', (count) => `{${'...F '.repeat(count)}} fragment F on Q {a}`],
  ['mergedFields', 'on types', (count) => `{${repeat(count, (n) => `... on T${n} {a}`)}}`],
  ['mergedValues', 'of two', (count) => `{a(b:[${'1,'.repeat(count - 2)}]) a(b:1)}`],
  ['mergedValues', 'in objects', (count) => `{a(b:{${'c:1,'.repeat(count - 2)}}) a(b:1)}`],
  ['fragments', 'unused', (count) => `{a} ${repeat(count, (n) => `fragment F${n} on Q {a}`)}`],
  ['directives', 'of a field', (count) => `{a ${'@d '.repeat(count)}}`],
  ['directives', 'of fields', (count) => `{${'a @d '.repeat(count)}}`],
  ['directives', 'of an operation', (count) => `query ${'@d '.repeat(count)}{a}`],
  ['directives', 'of variables', (count) => `query(${repeat(count, (n) => `$v${n}:I @d`)}) {a}`],
  ['directives', 'of spreads', (count) => `{${'...F @d '.repeat(count)}} fragment F on Q {a}`],
  ['directives', 'of inline fragments', (count) => `{${'... @d {a} '.repeat(count)}}`],
  ['directives', 'of a fragment', (count) => `{a} fragment F on Q ${'@d '.repeat(count)} {a}`],
  ['nodeDirectives', 'of a field', (count) => `{a @d b ${'@d '.repeat(count)}}`],
  ['nodeDirectives', 'of an operation', (count) => `query ${'@d '.repeat(count)}{a @d}`],
  ['nodeDirectives', 'of a variable', (count) => `query($v:I ${'@d '.repeat(count)}) {a}`],
  ['nodeDirectives', 'of a spread', (count) => `{...F ${'@d '.repeat(count)}} fragment F on Q {a}`],
  ['depth', 'of fields', nest],
  [
    'depth',
    'of inline fragments',
    (count) => `${'{...'.repeat(count - 1)}{a}${'}'.repeat(count - 1)}`,
  ],
  [
    'depth',
    'through a fragment',
    (count) => `{a ${nest(2).replace('{a}', '{...F}')}} fragment F on Q ${nest(count - 2)}`,
  ],
  ['depth', 'of lists', (count) => `{a(b:${'[ '.repeat(count)}1${']'.repeat(count)})}`],
  ['depth', 'of objects', (count) => `{a(b:${'{c:'.repeat(count)}1${'}'.repeat(count)})}`],
  ['depth', 'in directives', (count) => `{a @d(b:${'[ '.repeat(count)}1${']'.repeat(count)})}`],
  ['depth', 'in defaults', (count) => `query($a:I=${'[ '.repeat(count)}1${']'.repeat(count)}) {a}`],
  ['variables', 'of one', (count) => `query(${repeat(count, (n) => `$v${n}:I`)}) {a}`],
  ['variables', 'of several', (count) => repeat(count, (n) => `query Q${n}($v:I) {a}`)],
  ['operations', 'named', (count) => repeat(count, (n) => `query Q${n} {a}`)],
  ['operations', 'without names', (count) => repeat(count, () => '{a}')],
];

describe.each(SAMPLES)('the limit of %s (%s)', (name, _what, sample) => {
  it('allows as many, and not one more', () => {
    expect(refusalOf(sample(10), only({ [name]: 10 }))).toBeNull();
    const refused = `The operation has more than 9 ${limitTable[name].counts}.`;
    expect(refusalOf(sample(10), only({ [name]: 9 }))).toBe(refused);
  });
});

describe('fragments', () => {
  it('are measured once, however often they are spread', () => {
    const bomb = `{...F0} ${repeat(200, (n) => `fragment F${n} on Q {${`...F${n + 1} `.repeat(9)}}`)}`;
    expect(refusalOf(`${bomb} fragment F200 on Q {a}`, only({ selections: 1e150 }))).toMatch(
      /selections/,
    );
  });

  it.each([
    ['themselves', '{...F} fragment F on Q {...F}', 'F'],
    ['each other', '{...F} fragment F on Q {a{...G}} fragment G on Q {... {...F}}', 'F'],
    ['each other, unused', '{a} fragment F on Q {...G} fragment G on Q {...F}', 'F'],
  ])('that spread %s are refused', (_whom, text, name) => {
    expect(refusalOf(text, only({}))).toBe(`Cannot spread fragment "${name}" within itself.`);
  });

  it('that are not there are refused, as validation would compare each with each', () => {
    expect(refusalOf('{...F}', only({}))).toBe('Unknown fragment "F".');
  });

  it('may be there twice: that is for validation to say', () => {
    expect(refusalOf('{...F} fragment F on Q {a} fragment F on Q {a a}', only({}))).toBeNull();
    expect(refusalOf('type T {a: Int} {a}', only({ selections: 1 }))).toBeNull();
  });
});

/** A set of selections, and what it has with its fragments unfolded. */
type Model = { text: string; selections: number; aliases: number; depth: number };

describe('any document', () => {
  it('has as many selections, aliases and levels as its fragments written out', () => {
    const choice = fc.constantFrom('field', 'alias', 'parent', 'inline', 'spread');
    const set = fc.array(choice, { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(fc.array(set, { minLength: 1, maxLength: 6 }), (sets) => {
        const models: Model[] = [];
        for (const [index, choices] of sets.entries()) {
          const model: Model = { text: '', selections: 0, aliases: 0, depth: 1 };
          const last = models.at(-1);
          for (const what of choices) {
            model.selections += 1;
            if (what === 'alias') model.aliases += 1;
            if (what === 'field' || what === 'alias' || !last) {
              model.text += what === 'alias' ? ` x: f` : ` f`;
              continue;
            }
            const spread = `...F${index - 1}`;
            if (what === 'spread') model.text += ` ${spread}`;
            if (what === 'parent') model.text += ` f { ${spread} }`;
            if (what === 'inline') model.text += ` ... { ${spread} }`;
            // A spread of its own in the set of a parent or an inline fragment.
            if (what !== 'spread') model.selections += 1;
            model.selections += last.selections;
            model.aliases += last.aliases;
            model.depth = Math.max(model.depth, last.depth + (what === 'spread' ? 0 : 1));
          }
          models.push(model);
        }
        const fragments = models.map(({ text }, index) => `fragment F${index} on Q {${text}}`);
        const text = `{...F${models.length - 1}} ${fragments.join(' ')}`;
        const last = models.at(-1) as Model;
        const sum = (pick: (model: Model) => number) =>
          models.reduce((total, model) => total + pick(model), pick(last));
        const exact = {
          selections: sum(({ selections }) => selections) + 1,
          aliases: sum(({ aliases }) => aliases),
          depth: Math.max(...models.map(({ depth }) => depth)),
        };
        expect(refusalOf(text, only(exact))).toBeNull();
        for (const [name, count] of Object.entries(exact)) {
          if (count === 0) continue;
          expect(refusalOf(text, only({ ...exact, [name]: count - 1 }))).not.toBeNull();
        }
      }),
      { numRuns: 300 },
    );
  });
});
