/** What a product is made of, and the names that columns have for it elsewhere, the best first. */
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
} as const satisfies Record<string, readonly string[]>;

export type Field = keyof typeof KNOWN_NAMES;

const FIELDS = Object.keys(KNOWN_NAMES) as Field[];

/** `price_cents`, `priceCents` and `Price cents` are one name. */
const plain = (name: string): string => name.toLowerCase().replaceAll(/[\s_-]/g, '');

/** The fields that `--map` can name, for people. */
export const FIELD_NAMES = FIELDS.map((field) =>
  field.replace(/[A-Z]/, (c) => `_${c.toLowerCase()}`),
);

/** The field that `--map` means; null for none. */
export const findField = (name: string): Field | null =>
  FIELDS.find((field) => plain(field) === plain(name)) ?? null;

/** A file may have any number of names: these are enough to tell about, and to look up once. */
const MAX_REMEMBERED = 1_000;

/** What says nothing of a field, in every format: it is not there, it is null, or it is blank. */
const isBlank = (value: unknown): boolean =>
  value === undefined || value === null || (typeof value === 'string' && value.trim() === '');

/** Which columns of a file are which fields of a product. */
export type Columns = {
  /** The values of a row by field, those that say something. A blank one may be in another column. */
  readonly read: (row: object) => Partial<Record<Field, unknown>>;
  /** The columns that were met and mean nothing here. */
  readonly listIgnored: () => readonly string[];
  /** Whether any column was met that means something here. */
  readonly hasKnown: () => boolean;
};

type Place = { readonly field: Field; readonly rank: number };

/** What `--map` says of a field goes instead of all that is known of it; a price is one thing. */
const overruled = (field: Field, mapped: ReadonlyMap<Field, string>): boolean =>
  mapped.has(field) ||
  (field === 'price' && mapped.has('priceCents')) ||
  (field === 'priceCents' && mapped.has('price'));

/**
 * Makes the mapping of a file's columns.
 * @param mapped by field, the exact name of the column that it is in
 */
export const makeColumns = (mapped: ReadonlyMap<Field, string> = new Map()): Columns => {
  const places = new Map<string, Place | null>();
  const ignored = new Set<string>();
  const known = new Set<Field>();
  const chosen = new Map([...mapped].map(([field, column]) => [column, field]));

  const find = (column: string): Place | null => {
    const field = chosen.get(column);
    if (field) return { field, rank: 0 };
    const name = plain(column);
    for (const known of FIELDS) {
      const rank = (KNOWN_NAMES[known] as readonly string[]).indexOf(name);
      if (rank >= 0) return overruled(known, mapped) ? null : { field: known, rank };
    }
    return null;
  };
  const place = (column: string): Place | null => {
    const remembered = places.get(column);
    if (remembered !== undefined) return remembered;
    const found = find(column);
    if (places.size < MAX_REMEMBERED) places.set(column, found);
    if (!found && ignored.size < MAX_REMEMBERED) ignored.add(column);
    return found;
  };

  return {
    read: (row) => {
      const values: Partial<Record<Field, unknown>> = {};
      const ranks: Partial<Record<Field, number>> = {};
      // Own properties only: a key `__proto__` gives a row no others.
      for (const [column, value] of Object.entries(row) as [string, unknown][]) {
        const found = place(column);
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
