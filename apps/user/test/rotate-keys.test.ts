import { generateKeyPair, randomUUID } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  makeJwksFetcher,
  makeJwksKeyFinder,
  makeKeyFile,
  makeTokenVerifier,
  publishKey,
  removeRetired,
  signWithNewest,
  type JwkSet,
  type KeyFile,
} from '@cartograph/auth';
import { eventually } from '@cartograph/testing';
import { decodeToken, openUser, type UserService } from './open-user.ts';
import { startRefreshLoad } from './refresh-load.ts';

const ROUNDS = Number(process.env['ROTATION_ROUNDS'] ?? 8);
const TOKEN_LIFETIME_MS = 2_000;
/** How long the former key may still sign after a change: the service polls every 10 ms. */
const RELOAD_MS = 2_000;

const generate = promisify(generateKeyPair);
const makePem = async () =>
  (await generate('rsa', { modulusLength: 2048 })).privateKey.export({
    type: 'pkcs8',
    format: 'pem',
  }) as string;

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'cartograph-rotate-'));
const place = path.join(folder, 'keys.json');
let file: KeyFile;
let service: UserService;
let jwksUrl: string;

/** Replaces the file by a rename, as the command does. */
const write = (next: KeyFile | string) => {
  if (typeof next !== 'string') file = next;
  fs.writeFileSync(`${place}.new`, typeof next === 'string' ? next : JSON.stringify(next));
  fs.renameSync(`${place}.new`, place);
};

const published = async (): Promise<string[]> => {
  const response = await service.app.inject('/.well-known/jwks.json');
  return response.json<JwkSet>().keys.map(({ kid }) => kid);
};

/** A verifier over HTTP, as in the other services, and what it fetched. */
const makeVerifier = (intervals: {
  refreshAfterMs?: number;
  refetchAfterMs?: number;
  now?: () => number;
}) => {
  const fetchKeys = makeJwksFetcher(jwksUrl);
  const seen = { fetches: 0, kids: [] as string[], failures: [] as unknown[] };
  const find = makeJwksKeyFinder(
    async () => {
      seen.fetches += 1;
      const set = await fetchKeys();
      seen.kids = set.keys.map(({ kid }) => kid);
      return set;
    },
    { ...intervals, onFetchFailed: (error) => seen.failures.push(error) },
  );
  const scope = { issuer: service.tokens.scope.issuer, audience: 'cartograph' };
  return { seen, find, verify: makeTokenVerifier(find, scope) };
};

beforeAll(async () => {
  write(makeKeyFile(await makePem(), new Date()));
  service = await openUser({
    JWT_PRIVATE_KEY: '',
    JWT_KEYS_FILE: place,
    JWT_KEYS_RELOAD_MS: '10',
    ACCESS_TOKEN_LIFETIME_MS: String(TOKEN_LIFETIME_MS),
  });
  await service.app.listen({ port: 0, host: '127.0.0.1' });
  jwksUrl = `${service.app.listeningOrigin}/.well-known/jwks.json`;
});

afterAll(async () => {
  await service.close();
  fs.rmSync(folder, { recursive: true });
});

describe('the rotation of keys under load', () => {
  it(
    `refuses no valid token in ${ROUNDS} rotations`,
    async () => {
      // Unknown keys are not fetched: the wait after the publication must be enough.
      const { seen, verify } = makeVerifier({ refreshAfterMs: 20, refetchAfterMs: 3_600_000 });
      const load = await startRefreshLoad(service, verify);
      await eventually(() => expect(load.counts.tokens).toBeGreaterThan(0));
      const removed = new Set<string>();
      const retire = () => {
        const before = file.keys.map(({ kid }) => kid);
        write(
          removeRetired(file, new Date(), {
            tokenLifetimeMs: TOKEN_LIFETIME_MS,
            waitMs: RELOAD_MS,
          }),
        );
        const left = new Set(file.keys.map(({ kid }) => kid));
        for (const kid of before) if (!left.has(kid)) removed.add(kid);
      };
      const pems = Array.from({ length: 3 }, makePem);
      for (let round = 0; round < ROUNDS; round += 1) {
        pems.push(makePem());
        write(publishKey(file, (await pems.shift()) ?? '', new Date()));
        const next = file.keys.at(-1)?.kid ?? '';
        await eventually(() => expect(seen.kids).toContain(next));
        write(signWithNewest(file, new Date(), 0));
        await eventually(() => expect(load.counts.kids).toContain(next));
        retire();
      }
      // The load continues while the last of the former keys are removed.
      await eventually(async () => {
        retire();
        expect(file.keys).toHaveLength(1);
        expect(await published()).toEqual(seen.kids);
        expect(seen.kids).toHaveLength(1);
      });
      await load.stop();
      await Promise.all(pems);
      const { kids, ...counts } = load.counts;
      if (process.env['ROTATION_ROUNDS']) console.log({ ...counts, fetches: seen.fetches });
      expect(seen.failures).toEqual([]);
      expect(counts).toMatchObject({ refused: 0, refusedByService: 0 });
      expect([kids.size, removed.size]).toEqual([ROUNDS + 1, ROUNDS]);
    },
    30_000 + ROUNDS * 1_500,
  );

  it('fetches once in 30 seconds for 10,000 tokens with unknown keys', async () => {
    let now = 1_000_000;
    const { seen, find, verify } = makeVerifier({ now: () => now, refreshAfterMs: 3_600_000 });
    const session = await service.register('noise@example.com');
    const token = session.accessToken;
    const [, body = '', signature = ''] = token.split('.');
    const forge = () => {
      const head = JSON.stringify({ alg: 'RS256', typ: 'at+jwt', kid: randomUUID() });
      return `${Buffer.from(head).toString('base64url')}.${body}.${signature}`;
    };
    for (let window = 1; window <= 3; window += 1) {
      const results = await Promise.all(Array.from({ length: 10_000 }, () => verify(forge())));
      expect(results.every((answer) => answer === null)).toBe(true);
      expect(seen.fetches).toBe(window);
      now += 30_000;
    }
    expect(await find(decodeToken(token).kid)).not.toBeNull();
  });
});

describe('the key file', () => {
  it('is served with a cache time of one refresh', async () => {
    const response = await service.app.inject('/.well-known/jwks.json');
    expect(response.headers['cache-control']).toBe('public, max-age=60');
    expect(response.body).not.toMatch(/PRIVATE|"d"|"pem"/);
  });

  it('leaves the former keys while it is not valid or missing, and is read again afterwards', async () => {
    const former = await published();
    for (const nonsense of ['', '{"keys":[]}', JSON.stringify(file).slice(0, 500)]) {
      write(nonsense);
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect(await published()).toEqual(former);
    }
    fs.rmSync(place);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await published()).toEqual(former);
    const session = await service.register('steady@example.com');
    expect(await service.whoIs(session)).toBe('steady@example.com');
    write(publishKey(file, await makePem(), new Date()));
    await eventually(async () => expect(await published()).toHaveLength(former.length + 1));
  });
});
