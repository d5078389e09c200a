/** The prefix of the secrets that `npm start` makes: production refuses them. */
export const DEVELOPMENT_SECRET_PREFIX = 'dev-';

/** The passwords of the demo accounts, which the documentation publishes. */
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

/** The parts of a URL that may be secrets: user, password and query values (libpq, 34.1.1.2). */
const secretsOfUrl = (text: string): readonly string[] => {
  if (!URL.canParse(text)) return [];
  const { username, password, searchParams } = new URL(text);
  return [decode(username), decode(password), ...searchParams.values()];
};

/** The entries of a comma-separated list, and the secrets of `name:secret` entries. */
const partsOf = (value: string): readonly string[] =>
  value.split(',').flatMap((entry) => {
    const text = entry.trim();
    return [text, text.slice(text.indexOf(':') + 1), ...secretsOfUrl(text)];
  });

/**
 * Whether a variable's value contains a public secret: one that was made for development, or a
 * published password. It checks the entries of lists and the user, password and query of URLs,
 * percent-encoded or not.
 */
export const holdsDevelopmentSecret = (value: string): boolean =>
  [value, decode(value)].some(
    (text) =>
      GENERATED.test(text) || PUBLISHED_PASSWORDS.some((password) => text.includes(password)),
  ) ||
  [...partsOf(value), ...secretsOfUrl(value)].some((part) =>
    part.startsWith(DEVELOPMENT_SECRET_PREFIX),
  );
