import { describe, expect, it } from 'vitest';
import { ConfigError } from '@cartograph/config';
import { readConfig } from '../src/config.ts';

describe('the configuration', () => {
  it('has a default for everything in development', () => {
    expect(readConfig({ NODE_ENV: 'development' })).toMatchObject({
      name: 'rest',
      port: 8080,
      routerUrl: 'http://127.0.0.1:4000/graphql',
      routerReadyUrl: 'http://127.0.0.1:4000/readyz',
      routerTimeoutMs: 15_000,
      corsOrigins: ['*'],
    });
  });

  it('checks the health of the router at another address where one is set', () => {
    const env = {
      NODE_ENV: 'development',
      ROUTER_URL: 'http://router:4000/',
      ROUTER_READY_URL: 'http://router:8088/health',
    };
    expect(readConfig(env).routerReadyUrl).toBe('http://router:8088/health');
  });

  it('lets no origin in by default in production', () => {
    const env = { ROUTER_URL: 'https://router.example/graphql' };
    expect(readConfig({ ...env, NODE_ENV: 'production' }).corsOrigins).toEqual([]);
    expect(readConfig(env)).toMatchObject({ environment: 'production', corsOrigins: [] });
  });

  it.each([{ NODE_ENV: 'production' }, {}])('names the router with %j', (env) => {
    expect(() => readConfig(env)).toThrow(/ROUTER_URL: is not set/);
  });

  it.each([
    [
      { NODE_ENV: 'production', ROUTER_URL: 'https://a.example', CORS_ORIGINS: '*' },
      'CORS_ORIGINS',
    ],
    [{ CORS_ORIGINS: 'https://a.example/path' }, 'CORS_ORIGINS'],
    [{ CORS_ORIGINS: 'a.example' }, 'CORS_ORIGINS'],
    [{ ROUTER_URL: 'router' }, 'ROUTER_URL'],
    [{ ROUTER_TIMEOUT_MS: '0' }, 'ROUTER_TIMEOUT_MS'],
    [{ EVENT_STREAMS: '0' }, 'EVENT_STREAMS'],
    [{ HTTP_IDLE_TIMEOUT_MS: '15000' }, 'EVENT_STREAM_HEARTBEAT_MS'],
  ])('refuses %j', (env, variable) => {
    const read = () => readConfig({ NODE_ENV: 'development', ...env });
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(variable);
  });
});
