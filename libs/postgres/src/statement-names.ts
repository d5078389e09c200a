/** The comment that a statement with a name begins with, such as `product.reserve`. */
const NAMED = /^\/\* ([a-z][\w.-]{0,48}) \*\//;

/**
 * How many statements are prepared, and how many with one comment. Each takes memory in every
 * connection; those beyond, such as rare combinations of filters, are planned each time.
 */
const MAX_NAMES = 500;
const MAX_VARIANTS = 20;

const names = new Map<string, string>();

/** How many texts begin with each comment. */
const variants = new Map<string, number>();

/**
 * The name under which Postgres prepares a statement once per connection, instead of planning it each
 * time; undefined for a statement that does not begin with a comment like `product.reserve`. The
 * comment names it in pg_stat_statements too. Different texts with one comment have different names.
 */
export const statementNameOf = (text: string): string | undefined => {
  if (!text.startsWith('/* ')) return undefined;
  const known = names.get(text);
  if (known !== undefined || names.size >= MAX_NAMES) return known;
  const name = NAMED.exec(text)?.[1];
  if (name === undefined) return undefined;
  const variant = (variants.get(name) ?? 0) + 1;
  if (variant > MAX_VARIANTS) return undefined;
  variants.set(name, variant);
  const unique = variant === 1 ? name : `${name}:${variant}`;
  names.set(text, unique);
  return unique;
};

/**
 * Whether the statements of a database may be prepared. Not with `?prepared_statements=false` in its
 * address: for a pooler that gives each transaction another connection and can't prepare statements
 * (PgBouncer before 1.21).
 */
export const allowsPreparing = (databaseUrl: string): boolean =>
  new URL(databaseUrl).searchParams.get('prepared_statements') !== 'false';
