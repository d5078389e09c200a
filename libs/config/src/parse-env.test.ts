import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { httpUrl, milliseconds, pem, port, postgresUrl, secret } from './fields.ts';
import { ConfigError, parseEnv, type Env } from './parse-env.ts';
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
  it('is read into values of their own types, with defaults for what is not set', () => {
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

  it('is refused with every mistake at once, one line each', () => {
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

  it('can not be changed after it was read, however deep', () => {
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
  it('may have its line ends written as \\n', () => {
    const key = z.object({ KEY: pem() });
    const text = '-----BEGIN PRIVATE KEY-----\nabc\n-----END PRIVATE KEY-----';
    expect(parseEnv(key, { KEY: text.replaceAll('\n', '\\n') })).toEqual({ KEY: text });
    expect(() => parseEnv(key, { KEY: 'abc' })).toThrow('KEY: is not a PEM text');
  });
});

describe('what every process reads', () => {
  it('has defaults that a machine of a developer can start with', () => {
    expect(processConfig('user', 4001, parseEnv(processEnv, {}))).toEqual({
      name: 'user',
      environment: 'development',
      host: '127.0.0.1',
      port: 4001,
      logLevel: 'info',
      otlpEndpoint: undefined,
    });
  });

  it('refuses an environment and a level that do not exist', () => {
    expect(() => parseEnv(processEnv, { NODE_ENV: 'prod', LOG_LEVEL: 'loud' })).toThrow(
      /NODE_ENV: .*\n.*LOG_LEVEL: /,
    );
  });
});
