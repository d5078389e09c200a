import { execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { CommandFailure, EXIT } from '@cartograph/command';

const run = promisify(execFile);

/** Debian's packages that build and run containers without a daemon, and what the stand-ins consist of. */
const PACKAGES: Readonly<Record<string, string>> = {
  buildah: 'buildah',
  podman: 'podman',
  'podman-compose': 'podman-compose',
  runc: 'runc',
  catatonit: 'catatonit',
  '/usr/lib/podman/netavark': 'netavark',
  '/usr/lib/podman/aardvark-dns': 'aardvark-dns',
  busybox: 'busybox-static',
  'nats-server': 'nats-server',
  'redis-server': 'redis-server',
  'redis-cli': 'redis-tools',
  iptables: 'iptables',
};

const isInstalled = (program: string): boolean => {
  try {
    execFileSync('/bin/sh', ['-c', `command -v ${program}`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

/**
 * Installs Debian's packages that are missing.
 * @throws CommandFailure when they are, and this user may not install them
 */
export const installPackages = async (): Promise<void> => {
  const missing = Object.entries(PACKAGES)
    .filter(([program]) => !isInstalled(program))
    .map(([, name]) => name);
  if (process.getuid?.() !== 0) {
    throw new CommandFailure(EXIT.failed, 'Containers are made as root: run this with sudo.');
  }
  if (missing.length === 0) return;
  const apt = (...args: string[]) => run('apt-get', args, { maxBuffer: 64_000_000 });
  await apt('update');
  // Servers that the packages bring must not start here.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  await run('apt-get', ['install', '-y', '--no-install-recommends', ...missing], {
    env,
    maxBuffer: 64_000_000,
  });
};

/** Runs container programs on storage and settings of their own, so that the machine's stay as they are. */
export type ContainerTools = {
  /** Their folder. */
  readonly folder: string;
  /** @returns standard output @throws with standard error */
  readonly run: (program: string, args: readonly string[]) => Promise<string>;
  /** Shows the output as it comes. @throws when it fails */
  readonly show: (
    program: string,
    args: readonly string[],
    env?: NodeJS.ProcessEnv,
  ) => Promise<void>;
  /** @returns the end of what a container has written */
  readonly readLog: (container: string) => Promise<string>;
  readonly env: NodeJS.ProcessEnv;
};

/** As many lines of a log as an error has. */
const LOG_LINES = '20';

/** Makes the tools. @param folder that exists, for images, containers and settings */
export const makeContainerTools = async (folder: string): Promise<ContainerTools> => {
  const file = (name: string) => path.join(folder, name);
  await mkdir(file('run'), { recursive: true });
  const writeStorage = (driver: string) =>
    writeFile(
      file('storage.conf'),
      [
        '[storage]',
        `driver = "${driver}"`,
        `runroot = "${file('run')}"`,
        `graphroot = "${file(`images-${driver}`)}"`,
      ].join('\n'),
    );
  await writeFile(
    file('containers.conf'),
    [
      '[engine]',
      'runtime = "runc"',
      'events_logger = "file"',
      'cgroup_manager = "cgroupfs"',
      '[network]',
      'network_backend = "netavark"',
      `network_config_dir = "${file('networks')}"`,
      '[containers]',
      // Higher ones than the machine's own are refused; with 1,024 open files, `npm ci` may fail.
      'default_ulimits = ["nofile=4096:4096", "nproc=1000:1000"]',
    ].join('\n'),
  );
  await mkdir(file('networks'), { recursive: true });
  const env = {
    ...process.env,
    CONTAINERS_STORAGE_CONF: file('storage.conf'),
    CONTAINERS_CONF: file('containers.conf'),
  };
  await writeStorage('overlay');
  // Not every kernel lets containers have overlays in containers. `vfs` copies all files of each layer.
  await run('podman', ['info'], { env }).catch(() => writeStorage('vfs'));
  return {
    folder,
    env,
    run: async (program, args) => {
      const { stdout } = await run(program, args, { env, maxBuffer: 64_000_000 });
      return stdout;
    },
    readLog: async (container) => {
      const args = ['logs', '--tail', LOG_LINES, container];
      const { stdout, stderr } = await run('podman', args, { env, maxBuffer: 64_000_000 });
      return stdout + stderr;
    },
    show: async (program, args, more = {}) => {
      const child = spawn(program, args, { env: { ...env, ...more }, stdio: 'inherit' });
      const [code] = (await once(child, 'exit')) as [number | null];
      if (code !== 0) throw new Error(`${program} ${args.join(' ')} exited with ${code}`);
    },
  };
};
