import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'yaml';
import type { ContainerTools } from './podman.ts';

const FILE = path.resolve(import.meta.dirname, '..', '..', 'docker', 'compose.yaml');
const PROJECT = 'cartograph';
const HEALTHY_TIMEOUT_MS = 180_000;
const POLL_MS = 500;

type Service = {
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test: readonly string[] };
};

/** The shop of docker/compose.yaml in Podman. */
export type ComposeShop = {
  /** Starts services after all that they depend on, as the compose file says. */
  readonly start: (names: readonly string[]) => Promise<void>;
  /** Restarts a container, and waits until it is healthy. */
  readonly restart: (name: string) => Promise<void>;
  /** Runs a command of the image in a service's container. */
  readonly execute: (name: string, args: readonly string[]) => Promise<string>;
  readonly remove: () => Promise<void>;
};

const containerOf = (name: string): string => `${PROJECT}_${name}_1`;

/**
 * Opens the shop. Debian's podman-compose starts all services at once, runs no health checks and does not
 * quote their commands: so this starts the services one at a time, and runs the checks of the file.
 */
export const openComposeShop = (tools: ContainerTools, env: NodeJS.ProcessEnv): ComposeShop => {
  const { services } = parse(fs.readFileSync(FILE, 'utf8'), { merge: true }) as {
    readonly services: Readonly<Record<string, Service>>;
  };
  const compose = (...args: string[]) =>
    tools.show('podman-compose', ['--file', FILE, '--project-name', PROJECT, ...args], env);
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
        if (Date.now() > deadline) throw new Error(`${name} is not healthy`, { cause: error });
        await sleep(POLL_MS);
      }
    }
  };

  const waitFor = async (name: string, condition: string): Promise<void> => {
    await startOnce(name);
    if (condition === 'service_healthy') return waitUntilHealthy(name);
    const code = (await tools.run('podman', ['wait', containerOf(name)])).trim();
    if (code !== '0') throw new Error(`${name} ended with ${code}`);
  };

  const startService = async (name: string): Promise<void> => {
    const needs = Object.entries(services[name]?.depends_on ?? {});
    for (const [needed, { condition }] of needs) await waitFor(needed, condition);
    await compose('up', '--detach', '--no-deps', '--no-build', name);
  };

  const startOnce = (name: string): Promise<void> => {
    const known = started.get(name);
    if (known) return known;
    const starting = startService(name);
    started.set(name, starting);
    return starting;
  };

  return {
    start: async (names) => {
      for (const name of names) await startOnce(name);
      for (const name of names) await waitUntilHealthy(name);
    },
    restart: async (name) => {
      await tools.run('podman', ['restart', '--time', '30', containerOf(name)]);
      await waitUntilHealthy(name);
    },
    execute: (name, args) =>
      tools.run('podman', [
        ...['exec', containerOf(name), 'node', 'tools/image/entrypoint.ts'],
        ...args,
      ]),
    remove: () => compose('down', '--volumes'),
  };
};
