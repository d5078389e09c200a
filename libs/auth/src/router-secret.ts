import { createHash, timingSafeEqual } from 'node:crypto';

/** The header in which a router that can't sign its requests proves that it is one. */
export const ROUTER_AUTHORIZATION_HEADER = 'x-router-authorization';

/** A static secret, and which router has it: one has two while its secret is rotated. */
export type RouterSecret = { readonly router: string; readonly secret: string };

/** Two are accepted of one router: the current and the next. */
const MAX_PER_ROUTER = 2;

/** Shorter ones could be guessed. */
const MIN_LENGTH = 32;

/** `apollo:<secret>`: no space or comma in a secret, which has to fit in a header and in a list. */
const ENTRY = /^([a-z][a-z\d-]{0,31}):([!-+\--~]+)$/;

/**
 * Reads `apollo:<secret>,apollo:<next secret>,hive:<secret>`.
 * @returns the secrets, or null when the text is not such a list
 */
export const readRouterSecrets = (text: string): readonly RouterSecret[] | null => {
  const secrets = text.split(',').map((entry) => {
    const [, router = '', secret = ''] = ENTRY.exec(entry.trim()) ?? [];
    return { router, secret };
  });
  return secrets.every(({ router }) => router !== '') ? secrets : null;
};

/**
 * What is wrong with the secrets of routers, without a word of what they are.
 * @param options.signingSecrets what callers sign with: who knows one of these must not know another
 */
export const findRouterSecretFaults = (
  secrets: readonly RouterSecret[],
  options: {
    readonly isProduction: boolean;
    readonly developmentPrefix: string;
    readonly signingSecrets: readonly string[];
  },
): readonly string[] => {
  const faultsOf = ({ router, secret }: RouterSecret, index: number): string[] => {
    const faults: string[] = [];
    const same = secrets.findIndex((other) => other.secret === secret);
    if (same < index) faults.push(`${router} has a secret twice, or the one of another router`);
    if (!options.isProduction) return faults;
    if (secret.length < MIN_LENGTH) {
      faults.push(`${router} has a secret of less than ${MIN_LENGTH} characters`);
    }
    if (secret.startsWith(options.developmentPrefix)) {
      faults.push(`${router} has a development secret; production needs its own`);
    }
    if (options.signingSecrets.includes(secret)) {
      faults.push(`${router} has a secret that is used for something else`);
    }
    return faults;
  };
  const names = [...new Set(secrets.map(({ router }) => router))];
  const crowded = names.filter(
    (name) => secrets.filter(({ router }) => router === name).length > MAX_PER_ROUTER,
  );
  return [
    ...crowded.map((name) => `${name} has more than ${MAX_PER_ROUTER} secrets`),
    ...secrets.flatMap(faultsOf),
  ];
};

/** Says which router sent the header; null when it proves none. */
export type RouterVerifier = (header: string | undefined) => string | null;

const hash = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Makes the check of the header: in constant time, whatever is sent and whichever matches. */
export const makeRouterVerifier = (secrets: readonly RouterSecret[]): RouterVerifier => {
  const known = secrets.map(({ router, secret }) => ({ router, digest: hash(secret) }));
  return (header) => {
    if (header === undefined || known.length === 0) return null;
    const given = hash(header);
    const matches = known.filter(({ digest }) => timingSafeEqual(digest, given));
    return matches[0]?.router ?? null;
  };
};
