import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseEnv } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { collectVariables, type Variable } from '../configuration/collect-variables.ts';
import { loadApps } from '../configuration/load-apps.ts';
import { readExample } from '../configuration/read-example.ts';
import { completeEnvironment } from '../start/environment.ts';
import { readSettings } from '../start/settings.ts';

const root = path.resolve(import.meta.dirname, '..', '..');
const file = path.join(root, '.env.example');

/** What `npm start`, commands, Node and libraries read; `<APP>_METRICS_PORT` beside. */
const READ_ELSEWHERE = [
  'APOLLO_TELEMETRY_DISABLED',
  'CARTOGRAPH_STATE_DIR',
  'DEMO_ADMIN_PASSWORD',
  'DEMO_SHOPPER_PASSWORD',
  'NODE_OPTIONS',
  'OTEL_EXPORTER_OTLP_PROTOCOL',
  'POSTGRES_ADMIN_URL',
  'POSTGRES_PORT',
  'PROMETHEUS_PORT',
];

/** The variables that the schemas of configurations name. */
let variables: ReadonlyMap<string, Variable>;

beforeAll(async () => {
  variables = collectVariables(await loadApps());
});

describe('.env.example', () => {
  const text = readFileSync(file, 'utf8');
  const documented = readExample(text).flatMap((section) => section.variables);

  it('names every variable that a process reads, once, and no other', () => {
    expect(variables.size).toBeGreaterThan(25);
    const names = documented
      .map(({ name }) => name)
      .filter((name) => !READ_ELSEWHERE.includes(name) && !/^[A-Z]+_METRICS_PORT$/.test(name));
    expect(names.toSorted()).toEqual([...variables.keys()].toSorted());
  });

  it('says something about each', () => {
    expect(documented.filter(({ comment }) => comment === '')).toEqual([]);
  });

  it('lets addresses follow the ports that are changed in a copy', () => {
    // An empty value counts as not set, as for `npm start`.
    const copy = Object.fromEntries(Object.entries(parseEnv(text)).filter(([, value]) => value));
    const given = {
      ...(copy as Record<string, string>),
      ROUTER_PORT: '5000',
      USER_PORT: '5001',
      PRODUCT_PORT: '5002',
      ORDER_PORT: '5003',
      PAYMENT_PORT: '5004',
      REST_PORT: '5080',
    };
    expect(completeEnvironment(given, readSettings(given, root), {})).toMatchObject({
      ROUTER_URL: 'http://127.0.0.1:5000/graphql',
      USER_URL: 'http://127.0.0.1:5001/graphql',
      PRODUCT_URL: 'http://127.0.0.1:5002/graphql',
      ORDER_URL: 'http://127.0.0.1:5003/graphql',
      PAYMENT_URL: 'http://127.0.0.1:5004/graphql',
      JWT_ISSUER: 'http://127.0.0.1:5001',
      JWKS_URL: 'http://127.0.0.1:5001/.well-known/jwks.json',
      SIMULATOR_WEBHOOK_URL: 'http://127.0.0.1:5080/v1/webhooks/payments/simulator',
    });
  });

  it('holds no secret', () => {
    const lines = text.split('\n').filter((line) => {
      const [name = ''] = line.split('=');
      const isSecret = variables.get(name)?.values.startsWith('**secret**');
      return isSecret || /(?:SECRET|PRIVATE_KEY|PASSWORD)=/.test(line);
    });
    expect(lines.length).toBeGreaterThan(10);
    for (const line of lines) expect(line).toMatch(/=$/);
  });
});

describe('the table of variables', () => {
  it('says what production needs, and of whom', () => {
    expect(variables.get('USER_URL')?.required).toBe('yes (services)');
    expect(variables.get('PAYMENT_PROVIDER')?.required).toBe('yes');
    expect(variables.get('STRIPE_SECRET_KEY')?.required).toBe('with `PAYMENT_PROVIDER=stripe`');
    expect(variables.get('JWT_KEYS_FILE')?.required).toMatch(/^one of .*`JWT_PRIVATE_KEY`/);
    expect(variables.get('HTTP_MAX_HEADERS')?.required).toBe('');
  });

  it('says who reads a variable, and its default there', () => {
    expect(variables.get('NODE_ENV')).toMatchObject({ readBy: 'all', default: '`production`' });
    expect(variables.get('OPERATION_MAX_ALIASES')).toMatchObject({
      readBy: 'services, router',
      default: '`100` (services), `50` (router)',
    });
  });

  it('calls everything a secret that has a password or a key in it', () => {
    const named = /(?:SECRET|SECRET_KEY|PRIVATE_KEY|PASSWORD|DATABASE_URL)$/;
    const shown = [...variables.values()].filter(({ name }) => named.test(name));
    expect(shown.length).toBeGreaterThan(10);
    expect(shown.filter(({ values }) => !values.startsWith('**secret**'))).toEqual([]);
  });

  it('shows no default of a secret', () => {
    const secrets = [...variables.values()].filter(({ values }) => values.startsWith('**secret**'));
    expect(secrets.map(({ name }) => name)).toContain('SIMULATOR_WEBHOOK_SECRET');
    expect(secrets.filter((one) => one.default !== '')).toEqual([]);
  });
});
