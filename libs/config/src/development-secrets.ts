/** What `npm start` makes secrets with, so that they are known for what they are elsewhere. */
export const DEVELOPMENT_SECRET_PREFIX = 'dev-';

/** Passwords that the documentation publishes: those of the demo accounts. */
export const PUBLISHED_PASSWORDS: readonly string[] = ['cartograph-admin', 'cartograph-shopper'];

/** A secret that `npm start` made: the prefix and 32 bytes in base64url. */
const GENERATED = new RegExp(`${DEVELOPMENT_SECRET_PREFIX}[\\w-]{43}`);

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/** The user, the password and the values of the query: where a URL holds secrets (libpq, 34.1.1.2). */
const secretsOfUrl = (text: string): readonly string[] => {
  if (!URL.canParse(text)) return [];
  const { username, password, searchParams } = new URL(text);
  return [decode(username), decode(password), ...searchParams.values()];
};

/** A list by commas, and `name:secret` entries in it. */
const partsOf = (value: string): readonly string[] =>
  value.split(',').flatMap((entry) => {
    const text = entry.trim();
    return [text, text.slice(text.indexOf(':') + 1), ...secretsOfUrl(text)];
  });

/**
 * Says whether a variable's value is, or holds, a secret that everybody may know: one that was made
 * for development, or a published password. It looks into lists and into the user, password and
 * query of addresses, percent-encoded or not.
 */
export const holdsDevelopmentSecret = (value: string): boolean =>
  [value, decode(value)].some(
    (text) =>
      GENERATED.test(text) || PUBLISHED_PASSWORDS.some((password) => text.includes(password)),
  ) ||
  [...partsOf(value), ...secretsOfUrl(value)].some((part) =>
    part.startsWith(DEVELOPMENT_SECRET_PREFIX),
  );
