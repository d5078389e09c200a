import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'yaml';
import { ensureContainerSecrets, readContainerSecret } from '../../tools/docker/secrets.ts';
import { type ServiceName, SERVICES, variableOf } from '../../tools/services.ts';
import type { ContainerTools } from './podman.ts';

const FOLDER = path.resolve(import.meta.dirname, '..', '..', 'docker');
const FILE = path.join(FOLDER, 'compose.yaml');
const SECRETS = path.join(FOLDER, 'secrets');
const PROJECT = 'cartograph';
const HEALTHY_TIMEOUT_MS = 180_000;
const POLL_MS = 500;
/** As `stop_grace_period` of the compose file. */
const STOP_SECONDS = '30';

type Service = {
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly volumes?: readonly string[];
};

type ComposeFile = {
  readonly services: Readonly<Record<string, Service>>;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
};

/** The shop of docker/compose.yaml in Podman. */
export type ComposeShop = {
  /** Starts services after all that they depend on, as the compose file says. */
  readonly start: (names: readonly string[]) => Promise<void>;
  /**
   * Starts the container of one service anew, from an image with this tag; it may not be ready yet. What it
   * depends on must be there.
   */
  readonly replace: (name: string, tag: string) => Promise<void>;
  /** Runs a job from an image with this tag. @throws when it fails */
  readonly runJob: (name: string, tag: string) => Promise<void>;
  /** Restarts a container, and waits until it is healthy. */
  readonly restart: (name: string) => Promise<void>;
  readonly waitUntilHealthy: (name: string) => Promise<void>;
  /** Stops and removes a container, if there is one. */
  readonly stop: (name: string) => Promise<void>;
  /** Runs a command of the image in a service's container. */
  readonly execute: (name: string, args: readonly string[]) => Promise<string>;
  /** The databases, with addresses that this machine can reach. */
  readonly findDatabases: () => Promise<
    readonly { readonly service: ServiceName; readonly databaseUrl: string }[]
  >;
  /** Removes the containers and the data. */
  readonly remove: () => Promise<void>;
};

const containerOf = (name: string): string => `${PROJECT}_${name}_1`;

/** What keeps data. */
export const STORES = [...SERVICES.map((service) => `${service}-database`), 'nats', 'redis'];

/** The network of what keeps data. */
export const DATA_NETWORK = `${PROJECT}_data`;

/** The address of a container in that network. No port is published from it, but this machine is in it. */
export const findAddress = async (tools: ContainerTools, container: string): Promise<string> => {
  const format = `{{(index .NetworkSettings.Networks "${DATA_NETWORK}").IPAddress}}`;
  return (await tools.run('podman', ['inspect', '--format', format, container])).trim();
};

const toAbsolute = (file: string): string =>
  file.startsWith('.') ? path.join(FOLDER, file) : file;

/** The compose file without dependencies, to be in another folder. */
const withoutDependencies = ({ services, secrets, ...file }: ComposeFile) => ({
  ...file,
  services: Object.fromEntries(
    Object.entries(services).map(([name, { depends_on: _needs, volumes = [], ...service }]) => [
      name,
      { ...service, volumes: volumes.map(toAbsolute) },
    ]),
  ),
  secrets: Object.fromEntries(
    Object.entries(secrets).map(([name, secret]) => [name, { file: toAbsolute(secret.file) }]),
  ),
});

/**
 * Opens the shop. Debian's podman-compose starts all services at once, runs no health checks, does not quote
 * their commands and ignores `--no-deps`: so this starts the services one at a time, from a file without
 * dependencies, and runs the checks.
 */
export const openComposeShop = (tools: ContainerTools): ComposeShop => {
  ensureContainerSecrets(SECRETS);
  const shipped = parse(fs.readFileSync(FILE, 'utf8'), { merge: true }) as ComposeFile;
  const { services } = shipped;
  const file = path.join(tools.folder, 'compose.yaml');
  // JSON is YAML in which every version of it reads `"no"` as a text.
  fs.writeFileSync(file, JSON.stringify(withoutDependencies(shipped)));
  const compose = (args: readonly string[], env: NodeJS.ProcessEnv = {}) =>
    tools.show('podman-compose', ['--file', file, '--project-name', PROJECT, ...args], {
      // Where apps/router, the only router that is started here, says that it is ready.
      ROUTER_READY_URL: 'http://router:4000/readyz',
      ...env,
    });
  const up = (name: string, env?: NodeJS.ProcessEnv) =>
    compose(['up', '--detach', '--no-build', name], env);
  const started = new Map<string, Promise<void>>();

  const waitUntilHealthy = async (name: string): Promise<void> => {
    const [kind, ...test] = services[name]?.healthcheck?.test ?? [];
    if (kind !== 'CMD') throw new Error(`${name} has no health check that can be run`);
    const deadline = Date.now() + HEALTHY_TIMEOUT_MS;
    for (;;) {
      try {
        await tools.run('podman', ['exec', containerOf(name), ...test]);
        return;
      } catch (error) {
        if (Date.now() < deadline) await sleep(POLL_MS);
        else
          throw new Error(`${name} is not healthy: ${await tools.readLog(containerOf(name))}`, {
            cause: error,
          });
      }
    }
  };

  const waitForEnd = async (name: string): Promise<void> => {
    const code = (await tools.run('podman', ['wait', containerOf(name)])).trim();
    if (code !== '0')
      throw new Error(`${name} ended with ${code}: ${await tools.readLog(containerOf(name))}`);
  };

  const waitFor = async (name: string, condition: string): Promise<void> => {
    await startOnce(name);
    return condition === 'service_healthy' ? waitUntilHealthy(name) : waitForEnd(name);
  };

  const startService = async (name: string): Promise<void> => {
    const needs = Object.entries(services[name]?.depends_on ?? {});
    for (const [needed, { condition }] of needs) await waitFor(needed, condition);
    await up(name);
  };

  const startOnce = (name: string): Promise<void> => {
    const known = started.get(name);
    if (known) return known;
    const starting = startService(name);
    started.set(name, starting);
    return starting;
  };

  const stop = async (name: string): Promise<void> => {
    const options = ['--force', '--ignore', '--time', STOP_SECONDS];
    await tools.run('podman', ['rm', ...options, containerOf(name)]);
  };

  const replace = async (name: string, tag: string): Promise<void> => {
    await stop(name);
    await up(name, { CARTOGRAPH_VERSION: tag });
  };

  return {
    start: async (names) => {
      for (const name of names) await startOnce(name);
      for (const name of names) await waitUntilHealthy(name);
    },
    replace,
    runJob: async (name, tag) => {
      await replace(name, tag);
      await waitForEnd(name);
    },
    restart: async (name) => {
      await tools.run('podman', ['restart', '--time', STOP_SECONDS, containerOf(name)]);
      await waitUntilHealthy(name);
    },
    waitUntilHealthy,
    stop,
    execute: (name, args) =>
      tools.run('podman', [
        ...['exec', containerOf(name), 'node', 'tools/image/entrypoint.ts'],
        ...args,
      ]),
    findDatabases: () =>
      Promise.all(
        SERVICES.map(async (service) => {
          const url = new URL(readContainerSecret(SECRETS, variableOf(service, 'DATABASE_URL')));
          url.hostname = await findAddress(tools, containerOf(url.hostname));
          return { service, databaseUrl: url.href };
        }),
      ),
    remove: () => compose(['down', '--volumes']),
  };
};

/** Works with the shop, whose containers are removed in the end unless `keep`. */
export const withComposeShop = async <Result>(
  tools: ContainerTools,
  work: (shop: ComposeShop) => Promise<Result>,
  options: { readonly keep?: true } = {},
): Promise<Result> => {
  const shop = openComposeShop(tools);
  try {
    return await work(shop);
  } finally {
    if (!options.keep) await shop.remove().catch((error: unknown) => console.error(error));
  }
};
