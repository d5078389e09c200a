import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { makeKeyFile } from '@cartograph/auth';
import type { Env, ProcessConfig } from '@cartograph/config';
import { makePem } from '../../apps/user/src/commands/key-file.ts';
import { readConfig as readOrder } from '../../apps/order/src/config.ts';
import { readConfig as readPayment } from '../../apps/payment/src/config.ts';
import { readConfig as readProduct } from '../../apps/product/src/config.ts';
import { readConfig as readRest } from '../../apps/rest/src/config.ts';
import { readConfig as readRouter } from '../../apps/router/src/config.ts';
import { readConfig as readUser } from '../../apps/user/src/config.ts';
import { type AppName, APPS, SERVICES, variableOf } from '../services.ts';
import { environmentOf } from '../start/environment.ts';
import { isWorkload, OVERLAYS, readRendering, type Overlay } from '../kubernetes/rendering.ts';
import { collectEnvironment } from '../kubernetes/test/collect-environment.ts';

const READERS: Readonly<Record<AppName, (env: Env) => ProcessConfig>> = {
  user: readUser,
  product: readProduct,
  order: readOrder,
  payment: readPayment,
  router: readRouter,
  rest: readRest,
};

const root = path.resolve(import.meta.dirname, '..', '..');
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');

const folder = mkdtempSync(path.join(os.tmpdir(), 'cartograph-kubernetes-'));
const keys = path.join(folder, 'keys.json');
writeFileSync(keys, JSON.stringify(makeKeyFile(makePem(), new Date())));
afterAll(() => rmSync(folder, { recursive: true }));

/** A value of a secret variable, as production accepts it; each is another. */
const secretOf = (name: string): string => {
  if (name === 'JWT_KEYS_FILE') return keys;
  if (name.endsWith('_DATABASE_URL')) return `postgres://role:${name}@db.example/shop`;
  if (name === 'NATS_URL') return 'nats://user:password@nats.example:4222';
  if (name === 'REDIS_URL') return 'rediss://user:password@redis.example:6379';
  if (name === 'ROUTER_AUTHORIZATION') return `apollo:secret-of-${name}-0123456789012345`;
  return `secret-of-${name}-0123456789012345`;
};

const open = (overlay: Overlay) => {
  const objects = readRendering(overlay);
  const environments = objects.filter(isWorkload).map((workload) => ({
    kind: workload.kind,
    name: workload.metadata.name,
    ...collectEnvironment(workload, objects),
  }));
  const find = (name: string) => {
    const found = environments.find((one) => one.name === name);
    if (!found) throw new Error(`${overlay} has no ${name}`);
    return found;
  };
  return { objects, environments, find };
};

/** Variables of Apollo Router, by what its configuration names. */
const OF_APOLLO_ROUTER: ReadonlySet<string> = new Set([
  ...[...read('docker/router.yaml').matchAll(/\$\{env\.(\w+)/g)].map(([, name = '']) => name),
  'APOLLO_TELEMETRY_DISABLED',
]);

describe.each(OVERLAYS)('the environment of pods in %s', (overlay) => {
  const { environments, find } = open(overlay);
  const hasApolloRouter = overlay === 'prod';
  const ours = APPS.filter((app) => app !== 'router' || !hasApolloRouter);

  it.each(ours)('is a valid configuration of %s', (app) => {
    const { values, secrets } = find(app);
    const given = Object.keys(secrets).map((name) => [name, secretOf(name)] as const);
    const config = READERS[app]({ ...values, ...Object.fromEntries(given) });
    expect(config).toMatchObject({
      host: '0.0.0.0',
      metrics: { host: '0.0.0.0', port: 9464 },
      environment: overlay === 'prod' ? 'production' : 'development',
      drainTimeoutMs: 20_000,
    });
  });

  it.each(ours)('has no secret that %s does not read', (app) => {
    const { values, secrets } = find(app);
    const names = Object.keys(secrets);
    const readWith = (given: readonly string[]): unknown => {
      const own = Object.fromEntries(given.map((name) => [name, secretOf(name)]));
      try {
        return READERS[app]({ ...values, ...own });
      } catch (error) {
        return error;
      }
    };
    const whole = JSON.stringify(readWith(names));
    const unread = names.filter(
      (name) => JSON.stringify(readWith(names.filter((one) => one !== name))) === whole,
    );
    expect(unread).toEqual([]);
  });

  it.each(ours)('has no secret that is not of %s', (app) => {
    const { secrets } = find(app);
    const all = environments.flatMap((one) => Object.keys(one.secrets));
    const allowed = environmentOf(app, Object.fromEntries(all.map((name) => [name, 'x'])));
    expect(Object.keys(secrets).length).toBeGreaterThan(0);
    expect(Object.keys(secrets).filter((name) => !(name in allowed))).toEqual([]);
    // Each file has the name of its variable, so that no other value can be in it.
    for (const [name, key] of Object.entries(secrets)) {
      expect(name).toBe(key === 'JWT_KEYS' ? 'JWT_KEYS_FILE' : key);
    }
  });

  it.each(SERVICES)('has the address of one database in the migration of %s', (service) => {
    const address = variableOf(service, 'DATABASE_URL');
    expect(find(`${service}-migration`).secrets).toEqual({ [address]: address });
  });

  it('has only variables of .env.example, or of the configuration of Apollo Router', () => {
    const documented = new Set(
      [...read('.env.example').matchAll(/^([A-Z][A-Z0-9_]*)=/gm)].map(([, name = '']) => name),
    );
    const names = environments
      .filter(({ kind }) => kind !== 'StatefulSet')
      .flatMap(({ values, secrets }) => [...Object.keys(values), ...Object.keys(secrets)]);
    const unknown = new Set(
      names.filter(
        (name) => !documented.has(name) && !(hasApolloRouter && OF_APOLLO_ROUTER.has(name)),
      ),
    );
    expect([...unknown]).toEqual([]);
  });

  it('has no secret among the values of the manifests', () => {
    const secret = new Set(environments.flatMap((one) => Object.keys(one.secrets)));
    const leaked = environments.flatMap(({ name, values }) =>
      Object.keys(values)
        .filter((variable) => secret.has(variable) || /SECRET|PASSWORD|PRIVATE_KEY/.test(variable))
        .filter((variable) => !variable.endsWith('_FILE'))
        .map((variable) => `${name}: ${variable}`),
    );
    expect(leaked).toEqual([]);
    const text = read(`docker/kubernetes/rendered/${overlay}.yaml`);
    expect(text).not.toMatch(/^kind: Secret$/m);
    expect(text).not.toMatch(/:\/\/[^/\s]*:[^/\s]*@/);
    expect(text).not.toContain('PRIVATE KEY');
  });
});

describe('the stores of secrets in prod', () => {
  const { objects, find } = open('prod');
  const external = objects.filter(({ kind }) => kind === 'ExternalSecret') as unknown as {
    readonly metadata: { readonly name: string };
    readonly spec: {
      readonly data: readonly {
        readonly secretKey: string;
        readonly remoteRef: { readonly key: string };
      }[];
    };
  }[];
  const keysOf = (app: string) =>
    external
      .find(({ metadata }) => metadata.name === app)
      ?.spec.data.map(({ secretKey }) => secretKey)
      .toSorted();

  it.each(APPS.filter((app) => app !== 'router'))('has what %s needs, and no more', (app) => {
    expect(keysOf(app)).toEqual(Object.values(find(app).secrets).toSorted());
  });

  it('has the file of Apollo Router that its configuration reads, and no more', () => {
    const files = [...read('docker/router.yaml').matchAll(/\$\{file\.\/run\/secrets\/(\w+)\}/g)];
    expect(keysOf('router')).toEqual(files.map(([, name]) => name));
  });

  it('has each value once, by its name', () => {
    for (const { spec } of external) {
      for (const { secretKey, remoteRef } of spec.data) {
        expect(remoteRef.key).toBe(`cartograph/${secretKey}`);
      }
    }
  });
});
