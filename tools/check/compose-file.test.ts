import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readConfig as readOrderConfig } from '../../apps/order/src/config.ts';
import { readConfig as readPaymentConfig } from '../../apps/payment/src/config.ts';
import { readConfig as readProductConfig } from '../../apps/product/src/config.ts';
import { readConfig as readRestConfig } from '../../apps/rest/src/config.ts';
import { readConfig as readRouterConfig } from '../../apps/router/src/config.ts';
import { readConfig as readUserConfig } from '../../apps/user/src/config.ts';
import { readSecretFiles } from '../image/read-secret-files.ts';
import { environmentOf } from '../start/environment.ts';
import { type AppName, APPS } from '../services.ts';
import { ensureContainerSecrets } from '../docker/secrets.ts';

const root = path.resolve(import.meta.dirname, '..', '..');

type Service = {
  readonly image: string;
  /** Null is the value of whoever starts the shop. */
  readonly environment?: Readonly<Record<string, string | null>>;
  readonly secrets?: readonly string[];
  readonly depends_on?: Readonly<Record<string, unknown>>;
  readonly networks: readonly string[] | Readonly<Record<string, unknown>>;
  readonly [key: string]: unknown;
};

const document = parse(fs.readFileSync(path.join(root, 'docker/compose.yaml'), 'utf8'), {
  merge: true,
}) as {
  readonly services: Readonly<Record<string, Service>>;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
};
const { services } = document;
const entries = Object.entries(services);

const readConfigs: Readonly<Record<AppName, (env: Record<string, string>) => unknown>> = {
  user: readUserConfig,
  product: readProductConfig,
  order: readOrderConfig,
  payment: readPaymentConfig,
  router: readRouterConfig,
  rest: readRestConfig,
};

/** `${NAME:-value}` is its value: that is what Compose makes of it when nothing is set. */
const withDefaults = (text: string): string => text.replace(/\$\{\w+:-([^}]*)\}/g, '$1');

let folder = '';
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'cartograph-docker-'));
  ensureContainerSecrets(folder);
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

/** The environment of an app, with its secrets where the test has them. */
const environmentIn = (app: AppName): Record<string, string> =>
  Object.fromEntries(
    Object.entries(services[app]?.environment ?? {}).map(([name, value]) => [
      name,
      withDefaults(value ?? '')
        .replace('/run/secrets', folder)
        .replace('/run', folder),
    ]),
  );

describe('docker/compose.yaml', () => {
  it.each(APPS)('gives %s a configuration that it accepts in production', (app) => {
    const env = environmentIn(app);
    const { values, faults } = readSecretFiles(env);
    expect(faults).toEqual([]);
    expect(() => readConfigs[app]({ ...env, ...values })).not.toThrow();
  });

  it.each(APPS)('gives %s no secret of another process', (app) => {
    const names = Object.keys(environmentIn(app)).map((name) =>
      name === 'JWT_KEYS_FILE' ? name : name.replace(/_FILE$/, ''),
    );
    const all = Object.fromEntries(names.map((name) => [name, 'x']));
    expect(Object.keys(environmentOf(app, all))).toEqual(expect.arrayContaining(names));
  });

  it.each(APPS)('mounts just the secrets that %s reads', (app) => {
    const read = Object.values(services[app]?.environment ?? {})
      .filter((value) => value !== null)
      .filter((value) => value.startsWith('/run/secrets/'))
      .map((value) => path.basename(value));
    expect(services[app]?.secrets ?? []).toHaveLength(read.length);
    expect([...(services[app]?.secrets ?? [])].sort()).toEqual(read.sort());
  });

  it('names no variable that the shop does not know', () => {
    const example = fs.readFileSync(path.join(root, '.env.example'), 'utf8');
    const known = new Set(Array.from(example.matchAll(/^(\w+)=/gm), ([, name]) => name));
    const unknown = APPS.flatMap((app) => Object.keys(services[app]?.environment ?? {})).filter(
      (name) => !known.has(name) && !known.has(name.replace(/_FILE$/, '')),
    );
    expect(unknown).toEqual([]);
  });

  it('takes the origins of browsers from the environment, with each router', () => {
    const settings = fs.readFileSync(path.join(root, 'docker/router.yaml'), 'utf8');
    expect(settings).toContain('${env.CORS_ORIGIN:-');
    expect(services['apollo-router']?.environment).toMatchObject({ CORS_ORIGIN: null });
    for (const app of ['router', 'rest']) {
      expect(services[app]?.environment).toMatchObject({ CORS_ORIGINS: null });
    }
  });

  it('gives apps/router the manifests that docs/clients.md names, at the paths of a checkout', () => {
    expect(services['router']?.environment).toMatchObject({
      PERSISTED_OPERATIONS: null,
      SAFELIST: null,
    });
    const read = (file: string) => fs.readFileSync(path.join(root, file), 'utf8');
    const [, list = ''] = /^PERSISTED_OPERATIONS=(.+)$/m.exec(read('docs/clients.md')) ?? [];
    const files = list.split(',');
    expect(files.filter((file) => !fs.existsSync(path.join(root, file)))).toEqual([]);
    expect(read('docker/Dockerfile')).toMatch(/^WORKDIR \/app$/m);
    expect(services['router']?.['volumes']).toEqual(
      files.map((file) => `../${file}:/app/${file}:ro`),
    );
  });

  it('declares every secret, as a file that is made', () => {
    const used = new Set(entries.flatMap(([, { secrets = [] }]) => secrets));
    expect(Object.keys(document.secrets).sort()).toEqual([...used].sort());
    for (const { file } of Object.values(document.secrets)) {
      expect(fs.existsSync(path.join(folder, path.basename(file)))).toBe(true);
    }
  });

  it('has exact versions of images that others made', () => {
    const others = entries
      .map(([, { image }]) => image)
      .filter((image) => !image.startsWith('cartograph/'));
    expect(others.length).toBeGreaterThan(8);
    for (const image of others) expect(image).toMatch(/^[\w.]+\/[\w./-]+:v?\d+\.\d+\.\d+|:18\.\d+/);
  });

  it('builds each of our images once, and pulls none of them', () => {
    const ours = entries.filter(([, { image }]) => image.startsWith('cartograph/'));
    const built = ours.filter(([, service]) => service['build'] !== undefined);
    // Compose builds services at the same time: the second export of one name can fail.
    expect(built.map(([name]) => name).toSorted()).toEqual(APPS.toSorted());
    for (const [name, { image, ...service }] of ours) {
      expect([name, built.some(([, one]) => one.image === image)]).toEqual([name, true]);
      if (service['build'] === undefined) expect(service).toMatchObject({ pull_policy: 'never' });
    }
  });

  it.each(APPS)('runs %s without rights that it does not need, and stops it patiently', (app) => {
    expect(services[app]).toMatchObject({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      stop_grace_period: '30s',
    });
    expect(services[app]).not.toHaveProperty('privileged');
    expect(services[app]).not.toHaveProperty('user');
  });

  it('publishes the router and REST only; the tools of operators on this machine alone', () => {
    const published = entries.filter(([, service]) => service['ports'] !== undefined);
    expect(published.map(([name]) => name).sort()).toEqual(
      ['apollo-router', 'grafana', 'prometheus', 'rest', 'router'].sort(),
    );
    for (const name of ['grafana', 'prometheus']) {
      expect(String(services[name]?.['ports'])).toMatch(/^127\.0\.0\.1:/);
    }
  });

  it('starts nothing before what it depends on is ready', () => {
    for (const [, { depends_on: needs = {} }] of entries) {
      for (const [name, condition] of Object.entries(needs)) {
        const expected = name === 'migrate' ? 'service_completed_successfully' : 'service_healthy';
        expect([name, condition]).toEqual([name, { condition: expected }]);
        if (name !== 'migrate') expect(services[name]).toHaveProperty('healthcheck');
      }
    }
  });
});

describe('the secrets of the containers', () => {
  it('are made once, in a folder that others can not enter', () => {
    const before = fs.readFileSync(path.join(folder, 'ROUTER_SECRET'), 'utf8');
    ensureContainerSecrets(folder);
    expect(fs.readFileSync(path.join(folder, 'ROUTER_SECRET'), 'utf8')).toBe(before);
    expect(fs.statSync(folder).mode & 0o777).toBe(0o700);
  });

  it('are made again after a start that was interrupted', () => {
    const other = path.join(folder, 'other');
    fs.mkdirSync(other);
    fs.writeFileSync(path.join(other, 'ROUTER_SECRET'), 'partly');
    ensureContainerSecrets(other);
    expect(fs.readFileSync(path.join(other, 'ROUTER_SECRET'), 'utf8')).toHaveLength(43);
  });
});

describe('npm run docker:up', () => {
  it('says in a sentence that Compose is not installed', () => {
    const { status, stderr } = spawnSync(process.execPath, ['tools/docker/main.ts', 'logs'], {
      cwd: root,
      encoding: 'utf8',
      env: { CONTAINER_COMPOSE: 'no-such-program compose' },
    });
    expect([status, stderr]).toEqual([
      1,
      'no-such-program is not installed. CONTAINER_COMPOSE names another one, such as podman-compose.\n',
    ]);
  });
});
