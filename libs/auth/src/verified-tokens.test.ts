import { createPublicKey, generateKeyPairSync, randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import jwt from 'jsonwebtoken';
import { makeTokenSigner, makeTokenVerifier } from './access-token.ts';
import { readSigningKey } from './signing-key.ts';

const makeKey = () =>
  readSigningKey(
    generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({
      type: 'pkcs8',
      format: 'pem',
    }) as string,
  );

const ours = makeKey();
const theirs = makeKey();
const publicKey = createPublicKey(ours.key);
const scope = { issuer: 'http://issuer.test', audience: 'cartograph' };
const verify = makeTokenVerifier(async (kid) => (kid === ours.kid ? publicKey : null), scope);

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('an access token that was verified before', () => {
  const token = () => makeTokenSigner(ours, scope, 600_000)(viewer).token;
  const viewer = { id: randomUUID(), role: 'USER', sessionId: randomUUID() } as const;

  afterEach(() => void vi.restoreAllMocks());

  it('is not verified again', async () => {
    const verifySignature = vi.spyOn(jwt, 'verify');
    const sent = token();
    const first = await verify(sent);
    expect(await verify(sent)).toEqual(first);
    expect(first).toMatchObject(viewer);
    expect(verifySignature).toHaveBeenCalledTimes(1);
  });

  it('is refused when one character of it was changed', async () => {
    const sent = token();
    await verify(sent);
    const [head = '', body = '', signature = ''] = sent.split('.');
    const admin = {
      ...(JSON.parse(String(Buffer.from(body, 'base64url'))) as object),
      role: 'ADMIN',
    };
    expect(await verify(`${head}.${encode(admin)}.${signature}`)).toBeNull();
  });

  it('is refused when it has expired', async () => {
    const sent = token();
    expect(await verify(sent)).not.toBeNull();
    const time = Date.now();
    vi.spyOn(Date, 'now').mockReturnValue(time + 600_000 + 6_000);
    expect(await verify(sent)).toBeNull();
  });

  it('is refused when its key was withdrawn or replaced', async () => {
    let key: ReturnType<typeof createPublicKey> | null = publicKey;
    const verifyNow = makeTokenVerifier(async () => key, scope);
    const sent = token();
    expect(await verifyNow(sent)).not.toBeNull();
    key = createPublicKey(theirs.key);
    expect(await verifyNow(sent)).toBeNull();
    key = publicKey;
    expect(await verifyNow(sent)).not.toBeNull();
    key = null;
    expect(await verifyNow(sent)).toBeNull();
  });
});
