import { describe, expect, it } from 'vitest';
import { CommandFailure } from '@cartograph/command';
import { SERVICES } from '../services.ts';
import { dialable, readSettings } from './settings.ts';

const URLS = Object.fromEntries(
  SERVICES.map((service) => [`${service.toUpperCase()}_DATABASE_URL`, 'postgres://a:b@c/d']),
);

describe('readSettings', () => {
  it('has a port of Prometheus only when the shop is observed', () => {
    expect(readSettings({}, '/repo').prometheusPort).toBeNull();
    const observe = true;
    expect(readSettings({}, '/repo', { observe }).prometheusPort).toBe(9490);
    const taken = { PROMETHEUS_PORT: '8080' };
    expect(() => readSettings(taken, '/repo', { observe })).toThrow(
      'REST_PORT and PROMETHEUS_PORT are both 8080.',
    );
  });

  it('has a default for everything', () => {
    expect(readSettings({}, '/repo')).toMatchObject({
      stateDir: '/repo/.cartograph',
      compileCacheDir: '/repo/.cartograph/compile-cache',
      host: '127.0.0.1',
      ports: {
        router: 4000,
        user: 4001,
        product: 4002,
        order: 4003,
        payment: 4004,
        rest: 8080,
        postgres: 5439,
      },
      metricsPorts: {
        router: 9400,
        user: 9401,
        product: 9402,
        order: 9403,
        payment: 9404,
        rest: 9480,
      },
      embedded: true,
    });
  });

  it('takes a state folder that is relative to the repository, from whichever folder it is started', () => {
    expect(readSettings({ CARTOGRAPH_STATE_DIR: 'x/y' }, '/repo').stateDir).toBe('/repo/x/y');
    expect(readSettings({ CARTOGRAPH_STATE_DIR: '/z' }, '/repo').stateDir).toBe('/z');
  });

  it('lets the system choose the private port of an app that was moved', () => {
    const { metricsPorts } = readSettings({ USER_PORT: '14001', REST_METRICS_PORT: '0' }, '/repo');
    expect(metricsPorts).toMatchObject({ router: 9400, user: 0, rest: 0 });
    const given = { USER_PORT: '14001', USER_METRICS_PORT: '19401' };
    expect(readSettings(given, '/repo').metricsPorts.user).toBe(19_401);
  });

  it('leaves the embedded Postgres out when every database is given', () => {
    expect(readSettings(URLS, '/repo').embedded).toBe(false);
  });

  it.each([
    ['some of the four databases', { USER_DATABASE_URL: 'x' }, /PRODUCT_DATABASE_URL.* missing/],
    ['a port that is not a number', { USER_PORT: '4001a' }, /USER_PORT is not a port: "4001a"/],
    ['a port that does not exist', { USER_PORT: '65536' }, /USER_PORT/],
    ['one port for two', { USER_PORT: '4000' }, /USER_PORT.*ROUTER_PORT|ROUTER_PORT.*USER_PORT/],
    ['one port for two, one of them private', { USER_PORT: '9480' }, /REST_METRICS_PORT.* 9480/],
    ['a private port that is none', { REST_METRICS_PORT: 'x' }, /REST_METRICS_PORT is not a port/],
    ['production', { NODE_ENV: 'production' }, /development command.*each app separately\.$/],
  ])('rejects %s', (_, given, sentence) => {
    expect(() => readSettings(given, '/repo')).toThrow(CommandFailure);
    expect(() => readSettings(given, '/repo')).toThrow(sentence);
  });

  it('connects to this machine when the apps listen on all its addresses', () => {
    expect(dialable('0.0.0.0')).toBe('127.0.0.1');
    expect(dialable('192.168.1.2')).toBe('192.168.1.2');
  });
});
