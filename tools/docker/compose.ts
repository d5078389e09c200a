import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { CommandFailure, EXIT } from '@cartograph/command';

/** The repository, absolute. */
export const root = path.resolve(import.meta.dirname, '..', '..');

const FILE = path.join('docker', 'compose.yaml');

/** Every profile: what `down` stops may have been started with any of them. */
const ALL_PROFILES = ['apollo-router', 'router', 'observability', 'demo'] as const;

export type Profile = (typeof ALL_PROFILES)[number];

/** The command line of Compose: `docker compose`, or another one such as `podman-compose`. */
const commandLine = (): readonly string[] =>
  (process.env['CONTAINER_COMPOSE'] || 'docker compose').split(' ');

/**
 * Runs Compose on docker/compose.yaml; what it prints is printed.
 * @param profiles those that are active; all if not given
 * @throws CommandFailure when it can't be run or fails
 */
export const compose = async (
  args: readonly string[],
  {
    profiles = ALL_PROFILES,
    env = {},
  }: { readonly profiles?: readonly Profile[]; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<void> => {
  const [program = '', ...first] = commandLine();
  const words = [
    ...first,
    '--file',
    FILE,
    ...profiles.flatMap((profile) => ['--profile', profile]),
    ...args,
  ];
  const child = spawn(program, words, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...env },
  });
  // It rejects when the program can't be started.
  const [code] = (await once(child, 'exit').catch(({ code: reason }: NodeJS.ErrnoException) => {
    const state = reason === 'ENOENT' ? 'is not installed' : `can't be run (${reason})`;
    throw new CommandFailure(
      EXIT.failed,
      `${program} ${state}. CONTAINER_COMPOSE names another one, such as podman-compose.`,
    );
  })) as [number | null];
  if (code !== 0) {
    throw new CommandFailure(EXIT.failed, `${program} ${args[0]} failed (exit code ${code}).`);
  }
};
