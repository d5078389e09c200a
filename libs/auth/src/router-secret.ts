import { createHash, timingSafeEqual } from 'node:crypto';

/** The header in which a router that cannot sign its requests authenticates. */
export const ROUTER_AUTHORIZATION_HEADER = 'x-router-authorization';

/** A static secret and its router, which has two while its secret is rotated. */
export type RouterSecret = { readonly router: string; readonly secret: string };

/** The current and the next secret of a router. */
const MAX_PER_ROUTER = 2;

/** Shorter secrets could be guessed. */
const MIN_LENGTH = 32;

/** `apollo:<secret>`. A secret has no space or comma, because it is part of a header and of a list. */
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
 * Finds what is wrong with the secrets of routers. The faults never repeat a secret.
 * @param options.signingSecrets the secrets that callers sign with, which a router must not know
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
  const overfull = names.filter(
    (name) => secrets.filter(({ router }) => router === name).length > MAX_PER_ROUTER,
  );
  return [
    ...overfull.map((name) => `${name} has more than ${MAX_PER_ROUTER} secrets`),
    ...secrets.flatMap(faultsOf),
  ];
};

/** Returns the router that sent the header; null when it is not valid. */
export type RouterVerifier = (header: string | undefined) => string | null;

const hash = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Makes the function that verifies the header, in constant time. */
export const makeRouterVerifier = (secrets: readonly RouterSecret[]): RouterVerifier => {
  const known = secrets.map(({ router, secret }) => ({ router, digest: hash(secret) }));
  return (header) => {
    if (header === undefined || known.length === 0) return null;
    const given = hash(header);
    const matches = known.filter(({ digest }) => timingSafeEqual(digest, given));
    return matches[0]?.router ?? null;
  };
};
