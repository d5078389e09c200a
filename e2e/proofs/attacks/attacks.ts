import { HOSTILE_OPERATIONS } from '@cartograph/testing';
import { Pool } from 'undici';
import type { ProductionShop } from '../../bench/production/open-production-shop.ts';
import { describeRefusal, HOSTILE_TEXTS } from '../../testkit/hostile-texts.ts';
import { trickle } from './trickle.ts';

/** A request that tries to keep others from being served. */
export type Attack = {
  readonly what: string;
  /** The process that receives it. */
  readonly app: 'router' | 'rest';
  /** The statuses and codes that refuse it. */
  readonly expected: readonly string[];
  /** Whether all are sent at once, because each takes long; else one after another. */
  readonly atOnce: boolean;
  /** @returns the status and code of the response */
  readonly send: () => Promise<string>;
};

/** Every attack, and what closes its connections. */
export type Attacks = {
  readonly attacks: readonly Attack[];
  readonly close: () => Promise<unknown>;
};

/** A body of very many values is refused before it is read. */
const UNREAD = '413 PAYLOAD_TOO_LARGE';

const headOf = (path: string): string =>
  `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n`;

const SLOW = [
  { app: 'router', path: '/graphql' },
  { app: 'rest', path: '/v1/auth/login' },
] as const;

const SLOW_PARTS = [
  { part: 'headers', more: 'X-Slow: ' },
  { part: 'bodies', more: 'Content-Length: 100000\r\n\r\n' },
] as const;

/**
 * Prepares every attack on a shop.
 * @param token of the customer who attacks
 */
export const makeAttacks = (shop: Pick<ProductionShop, 'originOf'>, token: string): Attacks => {
  const pools = {
    router: new Pool(shop.originOf('router'), { connections: 1 }),
    rest: new Pool(shop.originOf('rest'), { connections: 1 }),
  };

  /** Serializes the body once: this process also measures the pages. */
  const makeSender = (app: Attack['app'], path: string, body: object): Attack['send'] => {
    const bytes = Buffer.from(JSON.stringify(body));
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    return async () => {
      const response = await pools[app].request({ method: 'POST', path, headers, body: bytes });
      return describeRefusal(response.statusCode, await response.body.text());
    };
  };

  const operations = HOSTILE_OPERATIONS.map(({ what, query, variables, code }): Attack => ({
    what,
    app: 'router',
    expected: [`400 ${code}`, UNREAD],
    atOnce: false,
    send: makeSender('router', '/graphql', { query, variables }),
  }));
  const texts = HOSTILE_TEXTS.map(({ what, app, path, body, refused }): Attack => ({
    what: `marks in ${what}`,
    app,
    expected: refused,
    atOnce: false,
    send: makeSender(app, path, body),
  }));
  const slow = SLOW.flatMap(({ app, path }) =>
    SLOW_PARTS.map(({ part, more }): Attack => ({
      what: `slow ${part}, ${app}`,
      app,
      expected: ['408 REQUEST_TIMEOUT'],
      atOnce: true,
      send: () => trickle(shop.originOf(app), headOf(path) + more),
    })),
  );
  return {
    attacks: [...operations, ...texts, ...slow],
    close: () => Promise.all([pools.router.close(), pools.rest.close()]),
  };
};
