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
const normalize = (name: string): string => name.toLowerCase().replaceAll(/[\s_-]/g, '');

/** The fields that `--map` can name, for people. */
export const FIELD_NAMES = FIELDS.map((field) =>
  field.replace(/[A-Z]/, (c) => `_${c.toLowerCase()}`),
);

/** The field that `--map` names; null for none. */
export const findField = (name: string): Field | null =>
  FIELDS.find((field) => normalize(field) === normalize(name)) ?? null;

/** Bounds the memory for names of columns, of which a file may have any number. */
const MAX_CACHED = 1_000;

/** Whether a value is missing: absent, null, blank text, or an empty list. */
const isBlank = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  (typeof value === 'string' && value.trim() === '') ||
  (Array.isArray(value) && value.length === 0);

/** Maps the columns of a file to the fields of a product. */
export type Columns = {
  /** The values of a row by field, without missing ones. */
  readonly read: (row: object) => Partial<Record<Field, unknown>>;
  /** The columns so far that belong to no field. */
  readonly listIgnored: () => readonly string[];
  /** Whether any column so far belongs to a field. */
  readonly hasKnown: () => boolean;
};

type Place = { readonly field: Field; readonly rank: number };

/** Whether `--map` replaces the known names of a field; both price fields are one. */
const overruled = (field: Field, mapped: ReadonlyMap<Field, string>): boolean =>
  mapped.has(field) ||
  (field === 'price' && mapped.has('priceCents')) ||
  (field === 'priceCents' && mapped.has('price'));

/** @param mapped the exact name of the column by field */
export const makeColumns = (mapped: ReadonlyMap<Field, string> = new Map()): Columns => {
  const places = new Map<string, Place | null>();
  const ignored = new Set<string>();
  const known = new Set<Field>();
  const chosen = new Map([...mapped].map(([field, column]) => [column, field]));

  const find = (column: string): Place | null => {
    const field = chosen.get(column);
    if (field) return { field, rank: 0 };
    const name = normalize(column);
    for (const known of FIELDS) {
      const rank = (KNOWN_NAMES[known] as readonly string[]).indexOf(name);
      if (rank >= 0) return overruled(known, mapped) ? null : { field: known, rank };
    }
    return null;
  };
  const findCached = (column: string): Place | null => {
    const cached = places.get(column);
    if (cached !== undefined) return cached;
    const found = find(column);
    if (places.size < MAX_CACHED) places.set(column, found);
    if (!found && ignored.size < MAX_CACHED) ignored.add(column);
    return found;
  };

  return {
    read: (row) => {
      const values: Partial<Record<Field, unknown>> = {};
      const ranks: Partial<Record<Field, number>> = {};
      // Own properties only: a key `__proto__` must not add others.
      for (const [column, value] of Object.entries(row) as [string, unknown][]) {
        const found = findCached(column);
        if (!found) continue;
        known.add(found.field);
        if (isBlank(value) || found.rank > (ranks[found.field] ?? Infinity)) continue;
        values[found.field] = value;
        ranks[found.field] = found.rank;
      }
      return values;
    },
    listIgnored: () => [...ignored],
    hasKnown: () => known.size > 0,
  };
};
