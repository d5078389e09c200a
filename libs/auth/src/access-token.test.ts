import { createHmac, createPublicKey, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeTokenSigner, makeTokenVerifier, mayActFor } from './access-token.ts';
import { readSigningKey } from './signing-key.ts';

const makePem = (modulusLength = 2048) =>
  generateKeyPairSync('rsa', { modulusLength }).privateKey.export({
    type: 'pkcs8',
    format: 'pem',
  }) as string;

const ours = readSigningKey(makePem());
const theirs = readSigningKey(makePem());
const publicKey = createPublicKey(ours.key);
const publicPem = publicKey.export({ type: 'spki', format: 'pem' }) as string;
const scope = { issuer: 'http://issuer.test', audience: 'cartograph' };

const requestedKids: string[] = [];
const verify = makeTokenVerifier(async (kid) => {
  requestedKids.push(kid);
  return kid === ours.kid ? publicKey : null;
}, scope);

const now = Math.floor(Date.now() / 1000);
const header = { alg: 'RS256', typ: 'at+jwt', kid: ours.kid };
const claims = {
  iss: scope.issuer,
  aud: scope.audience,
  sub: randomUUID(),
  sid: randomUUID(),
  role: 'USER',
  jti: randomUUID(),
  iat: now,
  exp: now + 600,
};

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

const unsigned = (head: object, body: object) => `${encode(head)}.${encode(body)}`;

/** A token that `key` signs, with any header and claims. */
const forge = (head: object, body: object, key = ours.key, algorithm = 'sha256') => {
  const text = unsigned(head, body);
  return `${text}.${sign(algorithm, Buffer.from(text), key).toString('base64url')}`;
};

const without = (body: object, name: string) =>
  Object.fromEntries(Object.entries(body).filter(([key]) => key !== name));

describe('an access token', () => {
  it('has the account, role and session', async () => {
    const viewer = { id: randomUUID(), role: 'ADMIN', sessionId: randomUUID() } as const;
    const { token, expiresAt } = makeTokenSigner(ours, scope, 600_000)(viewer);
    expect(await verify(token)).toEqual({ ...viewer, issuedAt: expect.any(Date) });
    expect(Math.abs(expiresAt.getTime() - Date.now() - 600_000)).toBeLessThan(60_000);
  });

  it('is not decoded when it is too long', async () => {
    const long = { ...claims, note: 'x'.repeat(4_000) };
    requestedKids.length = 0;
    expect(await verify(forge(header, long))).toBeNull();
    expect(requestedKids).toEqual([]);
  });

  it('has its time of issue in seconds', async () => {
    const viewer = { id: randomUUID(), role: 'USER', sessionId: randomUUID() } as const;
    const issuedAt = new Date((now - 5) * 1000 + 999);
    const { token } = makeTokenSigner(ours, scope, 600_000)(viewer, issuedAt);
    expect((await verify(token))?.issuedAt).toEqual(new Date((now - 5) * 1000));
  });

  it('expires with its session if that is earlier', async () => {
    const viewer = { id: randomUUID(), role: 'USER', sessionId: randomUUID() } as const;
    const issue = makeTokenSigner(ours, scope, 600_000);
    const at = (seconds: number) => new Date((now + seconds) * 1000);
    expect(issue(viewer, at(0), new Date((now + 60) * 1000 + 900)).expiresAt).toEqual(at(60));
    expect(issue(viewer, at(0), at(6_000)).expiresAt).toEqual(at(600));
    expect(await verify(issue(viewer, at(-60), at(-10)).token)).toBeNull();
  });

  it('is unique, and has the header and claims of RFC 9068 and its session', () => {
    const issue = makeTokenSigner(ours, scope, 600_000);
    const viewer = { id: randomUUID(), role: 'USER', sessionId: randomUUID() } as const;
    const [first, second] = [issue(viewer).token, issue(viewer).token];
    expect(first).not.toBe(second);
    const [head = '', body = ''] = first.split('.');
    const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString()) as object;
    expect(read(head)).toEqual(header);
    expect(Object.keys(read(body)).sort()).toEqual(Object.keys(claims).sort());
  });

  it('is accepted with any standard claims, and with a small clock skew', async () => {
    const issuedAt = new Date(now * 1000);
    const viewer = { id: claims.sub, role: 'USER', sessionId: claims.sid, issuedAt };
    expect(await verify(forge(header, claims))).toEqual(viewer);
    expect(await verify(forge(header, { ...claims, aud: ['other', 'cartograph'] }))).toEqual(
      viewer,
    );
    expect(await verify(forge(header, { ...claims, exp: now - 2 }))).toEqual(viewer);
    expect(await verify(forge(header, { ...claims, nbf: now + 2 }))).toEqual(viewer);
  });
});

describe('a forged access token', () => {
  const hmac = (secret: string, head: object) => {
    const text = unsigned(head, claims);
    return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
  };
  const changed = () => {
    const [head, , signature] = forge(header, claims).split('.');
    return `${head}.${encode({ ...claims, role: 'ADMIN' })}.${signature}`;
  };
  const theirJwk = { ...theirs.jwk };

  it.each<[string, () => string]>([
    ['no algorithm', () => `${unsigned({ ...header, alg: 'none' }, claims)}.`],
    ['no algorithm, in capitals', () => `${unsigned({ ...header, alg: 'NONE' }, claims)}.`],
    ['a signature left out', () => `${unsigned(header, claims)}.`],
    ['two parts', () => unsigned(header, claims)],
    ['the public key as a secret', () => hmac(publicPem, { ...header, alg: 'HS256' })],
    ['the public key as a secret, called RS256', () => hmac(publicPem, header)],
    ['another algorithm of our key', () => forge({ ...header, alg: 'RS512' }, claims)],
    ['an algorithm in a list', () => forge({ ...header, alg: ['RS256'] }, claims)],
    ['another key', () => forge(header, claims, theirs.key)],
    ['another key with its own id', () => forge({ ...header, kid: theirs.kid }, claims)],
    ['a changed role', changed],
    ['a signature over another hash', () => forge(header, claims, ours.key, 'sha512')],
    ['a key of its own', () => forge({ ...header, jwk: theirJwk }, claims, theirs.key)],
    ['a key chain of its own', () => forge({ ...header, x5c: ['MII='] }, claims, theirs.key)],
    ['the type of any JWT', () => forge({ ...header, typ: 'JWT' }, claims)],
    ['no type', () => forge(without(header, 'typ'), claims)],
    ['the type of an id token', () => forge({ ...header, typ: 'id+jwt' }, claims)],
    ['no key id', () => forge(without(header, 'kid'), claims)],
    ['a key id that is a path', () => forge({ ...header, kid: '../../dev/null' }, claims)],
    ['a key id that is SQL', () => forge({ ...header, kid: "' UNION SELECT 'k" }, claims)],
    ['a key id of the language', () => forge({ ...header, kid: '__proto__' }, claims)],
    ['a key id that is no text', () => forge({ ...header, kid: { kid: ours.kid } }, claims)],
    ['another audience', () => forge(header, { ...claims, aud: 'other' })],
    ['no audience', () => forge(header, without(claims, 'aud'))],
    ['another issuer', () => forge(header, { ...claims, iss: 'http://evil.test' })],
    ['no issuer', () => forge(header, without(claims, 'iss'))],
    ['a time that is over', () => forge(header, { ...claims, exp: now - 10 })],
    ['a time that has not come', () => forge(header, { ...claims, nbf: now + 60 })],
    ['no end', () => forge(header, without(claims, 'exp'))],
    ['no time of issue', () => forge(header, without(claims, 'iat'))],
    ['a session that is no text', () => forge(header, { ...claims, sid: 7 })],
    ['an end that is no time', () => forge(header, { ...claims, exp: 'tomorrow' })],
    ['no subject', () => forge(header, without(claims, 'sub'))],
    ['a subject that is no text', () => forge(header, { ...claims, sub: { id: 'x' } })],
    ['no session', () => forge(header, without(claims, 'sid'))],
    ['no role', () => forge(header, without(claims, 'role'))],
    ['a role that does not exist', () => forge(header, { ...claims, role: 'ROOT' })],
    ['a body that is no object', () => forge(header, ['x'])],
  ])('is refused with %s', async (_what, make) => {
    expect(await verify(make())).toBeNull();
  });

  it('is refused when it is no token', async () => {
    const garbage = ['', '.', '..', '...', 'a.b.c', 'null', '{}', '\0', 'x'.repeat(100_000)];
    const heads = ['null', '"RS256"', '[]', '1', '{'].map((text) =>
      [Buffer.from(text).toString('base64url'), 'e30', 'e30'].join('.'),
    );
    for (const token of [...garbage, ...heads]) expect(await verify(token)).toBeNull();
  });

  it('requests a key by its id only, and only when the header is valid', async () => {
    requestedKids.length = 0;
    await verify(forge({ ...header, alg: 'HS256' }, claims));
    await verify(forge({ ...header, typ: 'JWT' }, claims));
    await verify(forge({ ...header, kid: 7 }, claims));
    expect(requestedKids).toEqual([]);
    await verify(forge({ ...header, kid: '../../dev/null' }, claims));
    expect(requestedKids).toEqual(['../../dev/null']);
  });

  it('fails with the error of the key source', async () => {
    const broken = makeTokenVerifier(() => Promise.reject(new Error('down')), scope);
    await expect(broken(forge(header, claims))).rejects.toThrow('down');
  });
});

describe('an access token with a URL for its key', () => {
  let calls = 0;
  const server = createServer((_request, response) => {
    calls += 1;
    response.end(JSON.stringify({ keys: [theirs.jwk] }));
  });

  beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
  afterAll(() => void server.close());

  it('is refused, and the URL is never fetched', async () => {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    for (const kid of [ours.kid, theirs.kid, url]) {
      const head = { ...header, kid, jku: url, x5u: url };
      expect(await verify(forge(head, claims, theirs.key))).toBeNull();
    }
    expect(calls).toBe(0);
  });
});

describe('a signing key', () => {
  it('has the same id in every process, and publishes its public key only', () => {
    const pem = makePem();
    const [first, second] = [readSigningKey(pem), readSigningKey(pem)];
    expect(first.kid).toBe(second.kid);
    expect(first.kid).not.toBe(ours.kid);
    expect(Object.keys(first.jwk).sort()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use']);
  });

  it('is refused when it is weak, of another type, or invalid', () => {
    const pkcs8 = { type: 'pkcs8', format: 'pem' } as const;
    const curve = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export(pkcs8);
    const pss = generateKeyPairSync('rsa-pss', { modulusLength: 2048 }).privateKey.export(pkcs8);
    for (const pem of [makePem(1024), curve.toString(), pss.toString(), publicPem, 'nonsense']) {
      expect(() => readSigningKey(pem)).toThrow();
    }
  });
});

describe('mayActFor', () => {
  it('allows the owner of an account and administrators, and no other viewer', () => {
    const customer = { id: 'ada', role: 'USER', sessionId: 's' } as const;
    expect(mayActFor(customer, 'ada')).toBe(true);
    expect(mayActFor(customer, 'bob')).toBe(false);
    expect(mayActFor({ ...customer, role: 'ADMIN' }, 'bob')).toBe(true);
    expect(mayActFor(null, 'ada')).toBe(false);
  });
});
