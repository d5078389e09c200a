import { printable } from './source.ts';

/** The fields of a product, and the names of their columns in other systems, the best first. */
const KNOWN_NAMES = {
  sku: ['sku'],
  name: ['name', 'title'],
  description: ['description'],
  category: ['category'],
  priceCents: ['pricecents'],
  price: ['price'],
  currency: ['currency'],
  stock: ['stock', 'quantity'],
  imageUrl: ['imageurl', 'thumbnail', 'image'],
  images: ['images', 'imageurls'],
} as const satisfies Record<string, readonly string[]>;

export type Field = keyof typeof KNOWN_NAMES;

const FIELDS = Object.keys(KNOWN_NAMES) as Field[];

/** `price_cents`, `priceCents` and `Price cents` are the same name. */
export const normalizeName = (name: string): string =>
  name.toLowerCase().replaceAll(/[\s_-]/g, '') || name;

/** The fields that `--map` can name, for people. */
export const FIELD_NAMES = FIELDS.map((field) =>
  field.replace(/[A-Z]/, (c) => `_${c.toLowerCase()}`),
);

/** The field that `--map` names; null for none. */
export const findField = (name: string): Field | null =>
  FIELDS.find((field) => normalizeName(field) === normalizeName(name)) ?? null;

/** Bounds the memory for names of columns, of which a file may have any number. */
const MAX_CACHED = 1_000;

/** Whether a value is missing: absent, null, blank text, or an empty list. */
const isBlank = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  (typeof value === 'string' && value.trim() === '') ||
  (Array.isArray(value) && value.length === 0);

/** The values of a row. */
export type FieldValues = {
  /** By field, without missing ones. */
  readonly values: Partial<Record<Field, unknown>>;
  /** The fields with two different values in columns of the same name, and why that is a fault. */
  readonly doubled: ReadonlyMap<Field, string>;
};

/** Maps the columns of a file to the fields of a product. */
export type Columns = {
  readonly read: (row: object) => FieldValues;
  /** Checks the columns of a file that names them once. @returns what is wrong; null for nothing */
  readonly checkHeader: (names: readonly string[]) => string | null;
  /** The columns so far that belong to no field. */
  readonly listIgnored: () => readonly string[];
  /** The columns that `--map` names and nothing had so far. */
  readonly listAbsent: () => readonly string[];
  /** Whether any column so far belongs to a field. */
  readonly hasKnown: () => boolean;
};

type Place = { readonly field: Field; readonly rank: number };

/** Whether `--map` replaces the known names of a field; both price fields are one. */
const overruled = (field: Field, mapped: ReadonlyMap<Field, string>): boolean =>
  mapped.has(field) ||
  (field === 'price' && mapped.has('priceCents')) ||
  (field === 'priceCents' && mapped.has('price'));

/** Makes the function that finds the place of a column; null for one that belongs to no field. */
const makeFinder = (mapped: ReadonlyMap<Field, string>) => {
  const chosen = new Map([...mapped].map(([field, column]) => [normalizeName(column), field]));
  return (column: string): Place | null => {
    const name = normalizeName(column);
    const field = chosen.get(name);
    // The exact name is better than one in another case.
    if (field) return { field, rank: mapped.get(field) === column ? 0 : 1 };
    for (const known of FIELDS) {
      const rank = (KNOWN_NAMES[known] as readonly string[]).indexOf(name);
      if (rank >= 0) return overruled(known, mapped) ? null : { field: known, rank };
    }
    return null;
  };
};

/** The names of columns in a message. */
export const quoteNames = (names: readonly string[], joint = ', '): string =>
  names.map((name) => JSON.stringify(printable(name).slice(0, 60))).join(joint);

/** @param mapped the name of the column by field */
export const makeColumns = (mapped: ReadonlyMap<Field, string> = new Map()): Columns => {
  const find = makeFinder(mapped);
  const places = new Map<string, Place | null>();
  const ignored = new Set<string>();
  const known = new Set<Field>();

  const findCached = (column: string): Place | null => {
    const cached = places.get(column);
    if (cached !== undefined) return cached;
    const found = find(column);
    if (places.size < MAX_CACHED) places.set(column, found);
    if (!found && ignored.size < MAX_CACHED) ignored.add(column);
    return found;
  };
  const listAbsent = () =>
    [...mapped].filter(([field]) => !known.has(field)).map(([, column]) => column);

  return {
    read: (row) => {
      const values: Partial<Record<Field, unknown>> = {};
      const best: Partial<Record<Field, { rank: number; column: string }>> = {};
      const doubled = new Map<Field, string>();
      // Own properties only: a key `__proto__` must not add others.
      for (const [column, value] of Object.entries(row) as [string, unknown][]) {
        const found = findCached(column);
        if (!found) continue;
        const { field, rank } = found;
        known.add(field);
        const other = best[field];
        if (isBlank(value) || rank > (other?.rank ?? Infinity)) continue;
        if (rank !== other?.rank) doubled.delete(field);
        else if (value !== values[field]) {
          doubled.set(
            field,
            `has different values in ${quoteNames([other.column, column], ' and ')}`,
          );
        }
        values[field] = value;
        best[field] = { rank, column };
      }
      return { values, doubled };
    },
    checkHeader: (names) => {
      const columns = new Map<string, string>();
      for (const name of names) {
        const found = findCached(name);
        if (!found) continue;
        known.add(found.field);
        const place = `${found.field} ${found.rank}`;
        const other = columns.get(place);
        if (other !== undefined) {
          return `${quoteNames([other, name], ' and ')} are two columns for one field`;
        }
        columns.set(place, name);
      }
      const absent = listAbsent();
      return absent.length === 0
        ? null
        : `it has no column ${quoteNames(absent)}, which --map names`;
    },
    listIgnored: () => [...ignored],
    listAbsent,
    hasKnown: () => known.size > 0,
  };
};
