import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { httpUrl, milliseconds, pem, port, postgresUrl, secret } from './fields.ts';
import { DEFAULT_HTTP_LIMITS } from './http-limits.ts';
import { ConfigError, inDevelopment, parseEnv, type Env } from './parse-env.ts';
import { processConfig, processEnv } from './process-config.ts';

const schema = z.object({
  PORT: port().default(4000),
  URL: httpUrl(),
  DATABASE_URL: postgresUrl(),
  SECRET: secret(),
  TIMEOUT_MS: milliseconds().default(10),
  NICKNAME: z.string().optional(),
});

const good = {
  URL: 'https://example.com/graphql',
  DATABASE_URL: 'postgres://shop:hunter2@127.0.0.1:5439/shop',
  SECRET: 's'.repeat(32),
};

const faultsOf = (env: Env): readonly string[] => {
  try {
    parseEnv(schema, env);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
};

const namesOf = (env: Env) => faultsOf(env).map((fault) => fault.split(':')[0]);

describe('the environment', () => {
  it('is read into typed values, with defaults', () => {
    expect(parseEnv(schema, { ...good, PORT: '0', OTHER: 'left out' })).toEqual({
      ...good,
      PORT: 0,
      TIMEOUT_MS: 10,
    });
  });

  it('counts an empty variable as not set', () => {
    expect(parseEnv(schema, { ...good, PORT: '', NICKNAME: '' })).toMatchObject({ PORT: 4000 });
    expect(faultsOf({ ...good, SECRET: '' })).toEqual(['SECRET: is not set']);
  });

  it('is refused with all mistakes, one line each', () => {
    const env = { PORT: 'many', URL: 'ftp://example.com', TIMEOUT_MS: '0', SECRET: 'short' };
    expect(namesOf(env).sort()).toEqual(['DATABASE_URL', 'PORT', 'SECRET', 'TIMEOUT_MS', 'URL']);
    expect(() => parseEnv(schema, env)).toThrow(/PORT: .*\n.*URL: .*\n/);
    expect(faultsOf(env)).toContain('DATABASE_URL: is not set');
  });

  it.each([
    ['PORT', 'hunter2'],
    ['PORT', '4000.5'],
    ['PORT', '-1'],
    ['PORT', '65536'],
    ['URL', 'hunter2'],
    ['URL', 'javascript:hunter2'],
    ['DATABASE_URL', 'mysql://shop:hunter2@127.0.0.1/shop'],
    ['SECRET', 'hunter2'],
    ['TIMEOUT_MS', '-5'],
    ['TIMEOUT_MS', '1.5'],
    ['TIMEOUT_MS', 'Infinity'],
  ])('refuses %s=%s without repeating the value', (name, value) => {
    const faults = faultsOf({ ...good, [name]: value });
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(new RegExp(`^${name}: .+`));
    expect(faults[0]).not.toContain('hunter2');
  });

  it('is read-only at every level', () => {
    const nested = z.object({
      LIST: z.string().transform((text) => ({ items: text.split(',').map((name) => ({ name })) })),
    });
    const config = parseEnv(nested, { LIST: 'a,b' });
    expect(() => Object.assign(config, { LIST: null })).toThrow(TypeError);
    expect(() => config.LIST.items.push({ name: 'c' })).toThrow(TypeError);
    expect(() => Object.assign(config.LIST.items[0] ?? {}, { name: 'z' })).toThrow(TypeError);
  });
});

describe('a key in a variable', () => {
  it('may have its line breaks written as \\n', () => {
    const key = z.object({ KEY: pem() });
    const text = '-----BEGIN PRIVATE KEY-----\nabc\n-----END PRIVATE KEY-----';
    expect(parseEnv(key, { KEY: text.replaceAll('\n', '\\n') })).toEqual({ KEY: text });
    expect(() => parseEnv(key, { KEY: 'abc' })).toThrow('KEY: is not a PEM text');
  });
});

describe('a default of inDevelopment', () => {
  const peers = z.object({ NODE_ENV: z.string().optional(), PEER_URL: httpUrl() }).extend({
    OTHER_URL: inDevelopment(httpUrl(), 'http://127.0.0.1:4001/graphql'),
  });
  const PEER_URL = 'https://peer.example';

  it.each(['development', 'test'])('applies in %s, unless the variable is set', (NODE_ENV) => {
    const env = { NODE_ENV, PEER_URL };
    expect(parseEnv(peers, env).OTHER_URL).toBe('http://127.0.0.1:4001/graphql');
    expect(parseEnv(peers, { ...env, OTHER_URL: '' }).OTHER_URL).toContain('127.0.0.1');
    const OTHER_URL = 'https://other.example';
    expect(parseEnv(peers, { ...env, OTHER_URL }).OTHER_URL).toBe(OTHER_URL);
  });

  it.each([{ NODE_ENV: 'production' }, { NODE_ENV: '' }, {}])('does not apply with %j', (mode) => {
    const read = () => parseEnv(peers, { PEER_URL, ...mode });
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(/OTHER_URL: is not set/);
    expect(parseEnv(peers, { PEER_URL, OTHER_URL: PEER_URL, ...mode }).OTHER_URL).toBe(PEER_URL);
  });

  it('is reported as missing with the reason when NODE_ENV is not set', () => {
    const note = /NODE_ENV is not set, so the rules of production hold/;
    expect(() => parseEnv(peers, { PEER_URL })).toThrow(note);
    expect(() => parseEnv(peers, { PEER_URL, NODE_ENV: 'production' })).not.toThrow(note);
  });
});

describe('processConfig', () => {
  it.each([{}, { NODE_ENV: '' }])('has defaults, and is production with %j', (env) => {
    expect(processConfig('user', 4001, parseEnv(processEnv, env))).toEqual({
      name: 'user',
      environment: 'production',
      host: '127.0.0.1',
      port: 4001,
      metrics: { host: '127.0.0.1', port: 9464 },
      httpLimits: DEFAULT_HTTP_LIMITS,
      drainTimeoutMs: 20_000,
      shutdownDelayMs: 0,
      logLevel: 'info',
      otlpEndpoint: undefined,
      slowRequestMs: 1_000,
    });
  });

  it('refuses headers that may take longer than the request', () => {
    const env = parseEnv(processEnv, { HTTP_REQUEST_TIMEOUT_MS: '1000' });
    expect(() => processConfig('user', 4001, env)).toThrow(/HTTP_HEADERS_TIMEOUT_MS/);
  });

  it('refuses an unknown environment and an unknown level', () => {
    expect(() => parseEnv(processEnv, { NODE_ENV: 'prod', LOG_LEVEL: 'loud' })).toThrow(
      /NODE_ENV: .*\n.*LOG_LEVEL: /,
    );
  });
});
