import { createHmac, hash, randomBytes, timingSafeEqual } from 'node:crypto';

/** The header in which the router and the services authenticate. */
export const CALLER_HEADER = 'x-cartograph-caller';

/** The subgraphs: the services that own a database each. `npm run new:subgraph` adds one at the end. */
export const SUBGRAPHS = ['user', 'product', 'order', 'payment'] as const;

/** The name of a subgraph. */
export type Subgraph = (typeof SUBGRAPHS)[number];

/** The processes that call subgraphs. */
export const CALLERS = ['router', ...SUBGRAPHS] as const;

/** A process that calls subgraphs. */
export type Caller = (typeof CALLERS)[number];

/** The signing secret of each caller that a process accepts. */
export type CallerSecrets = Readonly<Partial<Record<Caller, string>>>;

/** The parts of a request that a signature covers: changing one makes it invalid. */
type SignedRequest = {
  /** The process that receives the request, which cannot forward it to another one. */
  readonly audience: string;
  readonly method: string;
  readonly path: string;
  readonly body: string;
};

/** A signature is valid for this long. It limits how many nonces are stored. */
const FRESH_MS = 30_000;

const sign = (secret: string, caller: string, at: string, nonce: string, request: SignedRequest) =>
  createHmac('sha256', secret)
    .update(
      [
        caller,
        at,
        nonce,
        request.audience,
        request.method,
        request.path,
        hash('sha256', request.body, 'hex'),
      ].join('\n'),
    )
    .digest('base64url');

/**
 * Makes the function that signs a request: it returns the caller header. Nonces differ, and are no
 * secrets: a random part for this function, and a count.
 */
export const makeCallerSigner = (caller: Caller, secret: string) => {
  const random = randomBytes(12).toString('base64url');
  let count = 0;
  return (request: SignedRequest, now = Date.now()): string => {
    count += 1;
    const nonce = `${random}${count.toString(36)}`;
    return [caller, now, nonce, sign(secret, caller, String(now), nonce, request)].join('.');
  };
};

/** Returns the caller of a request; null when its header is not valid. */
export type CallerVerifier = (header: string | undefined, request: SignedRequest) => Caller | null;

/**
 * Makes the function that verifies caller headers: compared in constant time, at most 30 seconds old,
 * each accepted once by this process.
 */
export const makeCallerVerifier = (
  secrets: CallerSecrets,
  now: () => number = Date.now,
): CallerVerifier => {
  // Two generations: a nonce is stored for one to two windows, without a timer or a scan.
  let seen = new Set<string>();
  let seenBefore = new Set<string>();
  let rotatedAt = now();

  const isReplay = (nonce: string): boolean => {
    // A header may carry a time of up to one window ahead, so it can be valid for two.
    if (now() - rotatedAt > 2 * FRESH_MS) {
      seenBefore = seen;
      seen = new Set();
      rotatedAt = now();
    }
    if (seen.has(nonce) || seenBefore.has(nonce)) return true;
    seen.add(nonce);
    return false;
  };

  return (header, request) => {
    const [name, at, nonce, signature, ...rest] = (header ?? '').split('.');
    if (!at || !nonce || !signature || rest.length > 0) return null;
    const caller = CALLERS.find((known) => known === name);
    const secret = caller && secrets[caller];
    if (!secret) return null;
    if (!(Math.abs(now() - Number(at)) <= FRESH_MS)) return null;
    const expected = Buffer.from(sign(secret, caller, at, nonce, request));
    const given = Buffer.from(signature);
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
    return isReplay(`${caller}.${nonce}`) ? null : caller;
  };
};
