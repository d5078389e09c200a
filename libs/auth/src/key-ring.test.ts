import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { KeyFileError } from './key-file.ts';
import { makeSingleKeyRing, readKeyRing } from './key-ring.ts';
import { readSigningKey } from './signing-key.ts';

const makePem = (modulusLength = 2048) =>
  generateKeyPairSync('rsa', { modulusLength }).privateKey.export({
    type: 'pkcs8',
    format: 'pem',
  }) as string;

const since = '2026-01-02T03:04:05.000Z';
const makeEntry = (state: string, pem = makePem()) => ({
  kid: readSigningKey(pem).kid,
  pem,
  state,
  since,
});
const [next, current, former] = [
  makeEntry('published'),
  makeEntry('signing'),
  makeEntry('retired'),
];

describe('a ring of keys', () => {
  it('signs with one key, and publishes and verifies with all', () => {
    const ring = readKeyRing(JSON.stringify({ keys: [former, current, next] }));
    expect(ring.signingKey.kid).toBe(current.kid);
    expect(ring.jwks.keys.map(({ kid }) => kid)).toEqual([former.kid, current.kid, next.kid]);
    for (const { kid } of [former, current, next]) expect(ring.findKey(kid)?.type).toBe('public');
    expect(ring.findKey('__proto__')).toBeNull();
    expect(JSON.stringify(ring.jwks)).not.toMatch(/PRIVATE|"d"/);
  });

  it.each([[[next, current, former]], [[former, next, current]]])(
    'signs with the signing key, wherever it stands in the file',
    (keys) => {
      expect(readKeyRing(JSON.stringify({ keys })).signingKey.kid).toBe(current.kid);
    },
  );

  it('knows whether it is for development', () => {
    const isDevelopment = (file: object) => readKeyRing(JSON.stringify(file)).isDevelopment;
    expect(isDevelopment({ keys: [current] })).toBe(false);
    expect(isDevelopment({ purpose: 'development', keys: [current] })).toBe(true);
  });

  it('can be a single key', () => {
    const ring = makeSingleKeyRing(current.pem);
    expect([ring.signingKey.kid, ring.jwks.keys.length]).toEqual([current.kid, 1]);
    expect(ring.findKey(current.kid)?.type).toBe('public');
  });

  const weak = 'keys.0.pem is not an RSA key';
  it.each<[string, string, unknown]>([
    ['no JSON', 'is not JSON', current.pem],
    ['half of a file', 'is not JSON', JSON.stringify({ keys: [current] }).slice(0, -20)],
    ['no object', 'is not an object', [current]],
    ['no keys', 'keys is not a list', {}],
    ['an empty list', 'has 0 keys that sign', { keys: [] }],
    ['no key that signs', 'has 0 keys that sign', { keys: [next] }],
    ['two that sign', 'has 2 keys that sign', { keys: [current, { ...next, state: 'signing' }] }],
    ['a key twice', 'has a key twice', { keys: [current, { ...current, state: 'retired' }] }],
    ['an unknown state', 'keys.0.state', { keys: [{ ...current, state: current.pem }] }],
    ['a time that is none', 'keys.0.since', { keys: [{ ...current, since: current.pem }] }],
    ['another purpose', 'purpose', { purpose: current.pem, keys: [current] }],
    ['an unknown field', 'is not an object of', { keys: [current], [current.pem]: 1 }],
    ["another's id", 'thumbprint', { keys: [{ ...current, kid: next.kid }] }],
    ['a weak key', weak, { keys: [{ ...current, pem: makePem(1024) }] }],
    ['a broken key', weak, { keys: [{ ...current, pem: current.pem.slice(0, 400) }] }],
    ['a key that is no text', 'keys.0.pem is not a text', { keys: [{ ...current, pem: [1] }] }],
  ])('is refused with %s, without repeating the contents', (_what, message, content) => {
    const text = typeof content === 'string' ? content : JSON.stringify(content);
    const read = () => readKeyRing(text);
    expect(read).toThrow(KeyFileError);
    expect(read).toThrow(message);
    expect(read).not.toThrow(/BEGIN|MII/);
  });
});
