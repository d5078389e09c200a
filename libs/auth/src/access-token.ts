import { randomUUID, type KeyObject } from 'node:crypto';
import jwt from 'jsonwebtoken';
import type { SigningKey } from './signing-key.ts';

/** The roles of accounts. */
export type Role = 'USER' | 'ADMIN';

/** The account and session that a request is sent by, according to its access token. */
export type Viewer = {
  readonly id: string;
  readonly role: Role;
  /** The session of the token: a token is not accepted after its session ended. */
  readonly sessionId: string;
};

/** True when `viewer` may read or change what belongs to the account `ownerId`. */
export const mayActFor = (viewer: Viewer | null, ownerId: string): boolean =>
  viewer !== null && (viewer.role === 'ADMIN' || viewer.id === ownerId);

/** An access token and when it expires. */
export type AccessToken = { readonly token: string; readonly expiresAt: Date };

/** The issuer and the audience of tokens: the `iss` and `aud` claims. */
export type TokenScope = { readonly issuer: string; readonly audience: string };

const ALGORITHM = 'RS256';

/** RFC 9068, section 2.1: with its own type, no other JWT passes for an access token. */
const TOKEN_TYPE = 'at+jwt';

/** The clocks of two machines may differ by this many seconds. */
export const CLOCK_SKEW_S = 5;

/**
 * Makes the function that signs access tokens (RFC 9068).
 * @param lifetimeMs how long a token is valid, in milliseconds; never longer than its session
 */
export const makeTokenSigner =
  (signingKey: SigningKey, scope: TokenScope, lifetimeMs: number) =>
  (viewer: Viewer, now = new Date(), sessionEnd?: Date): AccessToken => {
    const issuedAt = Math.floor(now.getTime() / 1000);
    const lastSecond = Math.floor((sessionEnd?.getTime() ?? Number.POSITIVE_INFINITY) / 1000);
    const expiresAt = Math.min(issuedAt + Math.floor(lifetimeMs / 1000), lastSecond);
    const claims = { role: viewer.role, sid: viewer.sessionId, iat: issuedAt, exp: expiresAt };
    const token = jwt.sign(claims, signingKey.key, {
      algorithm: ALGORITHM,
      keyid: signingKey.kid,
      header: { alg: ALGORITHM, typ: TOKEN_TYPE },
      issuer: scope.issuer,
      audience: scope.audience,
      subject: viewer.id,
      jwtid: randomUUID(),
    });
    return { token, expiresAt: new Date(expiresAt * 1000) };
  };

/** The claims of a valid access token. */
export type AccessTokenClaims = Viewer & { readonly issuedAt: Date };

/** Verifies a token; null when it is not a valid access token. Never throws for an invalid token. */
export type TokenVerifier = (token: string) => Promise<AccessTokenClaims | null>;

const isRole = (value: unknown): value is Role => value === 'USER' || value === 'ADMIN';

const unverifiedHeader = (token: string): jwt.JwtHeader | null => {
  try {
    return jwt.decode(token, { complete: true })?.header ?? null;
  } catch {
    return null; // the header is no JSON
  }
};

/** The shop's tokens have less than 1,000 characters. Longer tokens than this are not decoded. */
const MAX_TOKEN_LENGTH = 4_096;

/** Tokens that were verified, by their text. The oldest are dropped. */
const MAX_VERIFIED_TOKENS = 10_000;

type VerifiedToken = {
  readonly kid: string;
  readonly key: KeyObject;
  readonly claims: AccessTokenClaims;
  /** In seconds: from this time it is expired. */
  readonly expiry: number;
};

/**
 * Makes the function that verifies access tokens: RS256 only, `typ`, `iss`, `aud`, `exp`. The key is
 * found by `kid` only; `jku`, `jwk` and `x5u` are ignored (RFC 8725, section 3.10). A token with the
 * text of one that was verified is not verified again, until it expires or its key changes.
 * @param findKey returns the published key of an id, or null
 */
export const makeTokenVerifier = (
  findKey: (kid: string) => Promise<KeyObject | null>,
  scope: TokenScope,
): TokenVerifier => {
  const verified = new Map<string, VerifiedToken>();

  const findVerified = async (token: string): Promise<AccessTokenClaims | null> => {
    const known = verified.get(token);
    if (!known) return null;
    const isCurrent =
      Math.floor(Date.now() / 1_000) < known.expiry && (await findKey(known.kid)) === known.key;
    if (isCurrent) return known.claims;
    verified.delete(token);
    return null;
  };
  const remember = (token: string, one: VerifiedToken): void => {
    const [oldest] = verified.size >= MAX_VERIFIED_TOKENS ? verified.keys() : [];
    if (oldest !== undefined) verified.delete(oldest);
    verified.set(token, one);
  };

  return async (token) => {
    const known = await findVerified(token);
    if (known) return known;
    if (token.length > MAX_TOKEN_LENGTH) return null;
    const header = unverifiedHeader(token);
    if (header?.alg !== ALGORITHM || header.typ !== TOKEN_TYPE) return null;
    if (typeof header.kid !== 'string') return null;
    const key = await findKey(header.kid);
    if (!key) return null;
    try {
      const claims = jwt.verify(token, key, {
        algorithms: [ALGORITHM],
        issuer: scope.issuer,
        audience: scope.audience,
        clockTolerance: CLOCK_SKEW_S,
      });
      if (typeof claims === 'string') return null;
      const { sub, sid, role, iat, exp } = claims as Readonly<Record<string, unknown>>;
      if (typeof iat !== 'number' || typeof exp !== 'number') return null;
      if (typeof sub !== 'string' || typeof sid !== 'string' || !isRole(role)) return null;
      const found = { id: sub, role, sessionId: sid, issuedAt: new Date(iat * 1000) };
      remember(token, { kid: header.kid, key, claims: found, expiry: exp + CLOCK_SKEW_S });
      return found;
    } catch (error) {
      if (error instanceof jwt.JsonWebTokenError) return null;
      throw error;
    }
  };
};
