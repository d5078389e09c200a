import { describe, expect, it } from 'vitest';
import { findRouterSecretFaults, makeRouterVerifier, readRouterSecrets } from './router-secret.ts';

const LONG = 'a-secret-that-is-long-enough-to-be-one';
const NEXT = 'the-one-that-comes-after-it-is-long-too';
const OTHER = 'what-another-router-sends-0123456789';

const faultsOf = (text: string, isProduction = true) =>
  findRouterSecretFaults(readRouterSecrets(text) ?? [], {
    isProduction,
    developmentPrefix: 'dev-',
    signingSecrets: ['what-our-own-router-signs-with-0123456789'],
  });

describe('the secrets of routers that cannot sign', () => {
  it('are read with the name of the router, two while they are rotated', () => {
    expect(readRouterSecrets(`apollo:${LONG}, apollo:${NEXT},hive:a:b=c/+~`)).toEqual([
      { router: 'apollo', secret: LONG },
      { router: 'apollo', secret: NEXT },
      { router: 'hive', secret: 'a:b=c/+~' },
    ]);
  });

  it.each([
    'apollo',
    LONG,
    'apollo:',
    ':x',
    'Apollo:x',
    'a b:x',
    'a:x,',
    ',',
    'a:x y',
    'a:\n',
    'a:ü',
  ])('are not read from %j', (text) => expect(readRouterSecrets(text)).toBeNull());

  it('are accepted in production when they are long, unique, and at most two of each router', () => {
    expect(faultsOf(`apollo:${LONG},apollo:${NEXT},hive:${OTHER}`)).toEqual([]);
    expect(faultsOf(`apollo:${'x'.repeat(32)}`)).toEqual([]);
  });

  it.each([
    ['a short one', `hive:${'x'.repeat(31)}`, 'less than 32'],
    ['one of development', `hive:dev-${LONG}`, 'development'],
    ['one of ours', 'hive:what-our-own-router-signs-with-0123456789', 'something else'],
    ["another router's", `apollo:${LONG},hive:${LONG}`, 'of another router'],
    ['the same twice', `hive:${LONG},hive:${LONG}`, 'twice'],
    ['three of one router', `hive:${LONG},hive:${NEXT},hive:${OTHER}`, 'more than 2'],
  ])('are refused in production with %s, without repeating a secret', (_what, text, fault) => {
    const faults = faultsOf(text);
    expect(faults).toEqual([expect.stringContaining(fault)]);
    expect(faults[0]).toMatch(/^hive /);
    for (const secret of [LONG, 'xxxx', '0123456789']) expect(faults[0]).not.toContain(secret);
  });

  it('may be short or for development elsewhere', () => {
    expect(faultsOf('hive:dev-x', false)).toEqual([]);
  });
});

describe('the header of a router', () => {
  const verify = makeRouterVerifier(
    readRouterSecrets(`apollo:${LONG},apollo:${NEXT},hive:${OTHER}`) ?? [],
  );

  it('authenticates a router with either of its two secrets', () => {
    expect([LONG, NEXT, OTHER].map(verify)).toEqual(['apollo', 'apollo', 'hive']);
  });

  it('is refused with any other value', () => {
    const others = [
      undefined,
      '',
      'x',
      `${LONG} `,
      LONG.toUpperCase(),
      LONG.slice(1),
      `apollo:${LONG}`,
    ];
    for (const header of [...others, `${LONG}, ${LONG}`]) expect(verify(header)).toBeNull();
  });

  it('is refused when no router is configured', () => {
    for (const header of [undefined, '', LONG]) expect(makeRouterVerifier([])(header)).toBeNull();
  });
});
