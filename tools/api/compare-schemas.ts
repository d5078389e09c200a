import { listVariants, type Resolve, type Schema } from './schema.ts';

/** Two versions of a part of the contract, and how each follows its references. */
export type Pair<Part> = {
  readonly before: Part;
  readonly after: Part;
  readonly resolveBefore: Resolve;
  readonly resolveAfter: Resolve;
};

/**
 * Who reads the value. A request must still be accepted; a response must still be understood. To the
 * problems of a status codes may be added: clients treat an unknown one by its status.
 */
export type Use = 'request' | 'response' | 'problem';

type Compare = (pair: Pair<Schema>, use: Use) => readonly string[];

const at = (name: string, faults: readonly string[]): readonly string[] =>
  faults.map((fault) => (/^[a-z_[.\]]+: /.test(fault) ? `${name}.${fault}` : `${name}: ${fault}`));

const listTypes = ({ type }: Schema): readonly string[] | null =>
  type === undefined ? null : [type].flat();

/** An integer is a number too. */
const isIn = (type: string, types: readonly string[]): boolean =>
  types.includes(type) || (type === 'integer' && types.includes('number'));

/** Whether each value of the narrow schema has a type of the wide one. */
const fitsTypes = (narrow: Schema, wide: Schema): boolean => {
  const allowed = listTypes(wide);
  return allowed === null || (listTypes(narrow)?.every((type) => isIn(type, allowed)) ?? false);
};

const compareTypes: Compare = ({ before, after }, use) => {
  const fits = use === 'request' ? fitsTypes(before, after) : fitsTypes(after, before);
  return fits ? [] : [`was ${String(before.type)}, is ${String(after.type)}`];
};

const listValues = (schema: Schema): readonly unknown[] | null =>
  'const' in schema ? [schema.const] : (schema.enum ?? null);

const compareValues: Compare = ({ before, after }, use) => {
  const [narrow, wide] = use === 'request' ? [before, after] : [after, before];
  const allowed = listValues(wide);
  if (allowed === null || use === 'problem') return [];
  const values = listValues(narrow);
  const rest = values?.filter((value) => !allowed.includes(value)) ?? ['any value'];
  const names = rest.map((value) => JSON.stringify(value)).join(', ');
  if (rest.length === 0) return [];
  return [use === 'request' ? `no longer accepts ${names}` : `can now be ${names}`];
};

/** Rules that a request must not get, and a response must not lose. */
const compareRules: Compare = ({ before, after }, use) => {
  const [from, to] = use === 'request' ? [before, after] : [after, before];
  const rules = use === 'request' ? (['format', 'pattern', 'not'] as const) : (['format'] as const);
  return rules
    .filter((rule) => to[rule] !== undefined)
    .filter((rule) => JSON.stringify(to[rule]) !== JSON.stringify(from[rule]))
    .map((rule) => `${rule} is no longer the same`);
};

const UPPER = ['maximum', 'maxLength', 'maxItems'] as const;
const LOWER = ['minimum', 'minLength', 'minItems'] as const;

const compareBounds: Compare = ({ before, after }, use) => {
  if (use !== 'request') return [];
  const lowered = UPPER.filter((bound) => (after[bound] ?? Infinity) < (before[bound] ?? Infinity));
  const raised = LOWER.filter(
    (bound) => (after[bound] ?? -Infinity) > (before[bound] ?? -Infinity),
  );
  return [...lowered, ...raised].map(
    (bound) => `${bound} was ${before[bound] ?? 'none'}, is ${after[bound]}`,
  );
};

const compareMembers: Compare = (pair, use) => {
  const { before, after } = pair;
  const [old, now] = [before.properties ?? {}, after.properties ?? {}];
  const isRequired = ({ required = [] }: Schema, name: string) => required.includes(name);
  const inBoth = Object.entries(old).flatMap(([name, schema]) => {
    const next = now[name];
    if (!next) return at(name, [use === 'request' ? 'is no longer known' : 'is no longer there']);
    // Only its code may be one that clients do not know.
    const useOfMember = use === 'problem' && name !== 'code' ? 'response' : use;
    const mayBeAbsent = use !== 'request' && isRequired(before, name) && !isRequired(after, name);
    return [
      ...at(name, mayBeAbsent ? ['can be absent now'] : []),
      ...at(name, compareSchemas({ ...pair, before: schema, after: next }, useOfMember)),
    ];
  });
  if (use !== 'request') return inBoth;
  const required = (after.required ?? []).filter((name) => !isRequired(before, name));
  const isClosed = after.additionalProperties === false && before.additionalProperties !== false;
  return [
    ...inBoth,
    ...required.flatMap((name) => at(name, ['is required now'])),
    ...(isClosed ? ['other members are no longer accepted'] : []),
  ];
};

const compareItems: Compare = (pair, use) => {
  const { before, after } = pair;
  if (!before.items || !after.items) return [];
  return at('[]', compareSchemas({ ...pair, before: before.items, after: after.items }, use));
};

const compareOne: Compare = (pair, use) => {
  const types = compareTypes(pair, use);
  if (types.length > 0) return types;
  return [compareValues, compareRules, compareBounds, compareMembers, compareItems].flatMap(
    (compare) => compare(pair, use),
  );
};

const describe = ({ type, ...schema }: Schema): string =>
  JSON.stringify(listValues(schema)?.[0] ?? schema.properties?.['code'] ?? type ?? 'any value');

/** The codes that a problem can have; null when it is none. */
const listCodes = ({ properties }: Schema, resolve: Resolve): readonly unknown[] | null =>
  properties?.['code'] ? listValues(resolve(properties['code'])) : null;

/** Compares the problems of a status, each with the one of the same code. */
const compareProblems = (
  pair: Pair<Schema>,
  old: readonly Schema[],
  now: readonly Schema[],
): readonly string[] => {
  const faults = old.flatMap((before) =>
    (listCodes(before, pair.resolveBefore) ?? []).flatMap((code): readonly string[] => {
      const same = now.filter((after) => listCodes(after, pair.resolveAfter)?.includes(code));
      const [best] = same
        .map((after) => compareOne({ ...pair, before, after }, 'problem'))
        .toSorted((one, other) => one.length - other.length);
      if (!best) return [`code ${JSON.stringify(code)} is no longer sent`];
      return old.length === 1 ? best : at(String(code), best);
    }),
  );
  return [...new Set(faults)];
};

/** Finds what a client of the schema before cannot know of the one after: one sentence each. */
export const compareSchemas: Compare = (pair, use) => {
  const old = listVariants(pair.before, pair.resolveBefore);
  const now = listVariants(pair.after, pair.resolveAfter);
  if (use === 'problem' && old.every((one) => listCodes(one, pair.resolveBefore) !== null)) {
    return compareProblems(pair, old, now);
  }
  const [only, next] = [old[0], now[0]];
  if (only && next && old.length === 1 && now.length === 1) {
    return compareOne({ ...pair, before: only, after: next }, use);
  }
  const fits = (before: Schema, after: Schema): boolean =>
    compareOne({ ...pair, before, after }, use).length === 0;
  if (use === 'request') {
    return old
      .filter((before) => !now.some((after) => fits(before, after)))
      .map((before) => `no longer accepts ${describe(before)}`);
  }
  return now
    .filter((after) => !old.some((before) => fits(before, after)))
    .map((after) => `can now be ${describe(after)}`);
};
