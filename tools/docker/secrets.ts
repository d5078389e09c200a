import { hash, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { makeKeyFile } from '@cartograph/auth';
import { changeKeyFile, makePem } from '../../apps/user/src/commands/key-file.ts';
import { SERVICES, variableOf } from '../services.ts';

const makeSecret = (): string => randomBytes(32).toString('base64url');

/** Secrets that stand on their own, one file each. */
const SINGLE = [
  'ROUTER_SECRET',
  'PRODUCT_SECRET',
  'ORDER_SECRET',
  'PAYMENT_SECRET',
  'SIMULATOR_WEBHOOK_SECRET',
  'GRAFANA_PASSWORD',
  'DEMO_ADMIN_PASSWORD',
  'DEMO_SHOPPER_PASSWORD',
];

const makeAll = (): Readonly<Record<string, string>> => {
  const apollo = makeSecret();
  const databases = SERVICES.flatMap((service) => {
    const password = makeSecret();
    const name = `cartograph_${service}`;
    return [
      [variableOf(service, 'DB_PASSWORD'), password],
      [
        variableOf(service, 'DATABASE_URL'),
        `postgres://${name}:${password}@${service}-database:5432/${name}`,
      ],
    ];
  });
  return {
    ...Object.fromEntries([...SINGLE.map((name) => [name, makeSecret()]), ...databases]),
    APOLLO_ROUTER_SECRET: apollo,
    ROUTER_AUTHORIZATION: `apollo:${apollo}`,
  } as Record<string, string>;
};

/** Written last: without it, an earlier start was interrupted before it had made all files. */
const MARK = 'complete';

/**
 * Makes the secrets of the containers on the first call, a file each. A container mounts the files, and
 * its user may have any number: the files can be read by everyone, and the folder by its owner only.
 */
export const ensureContainerSecrets = (folder: string): void => {
  if (fs.existsSync(path.join(folder, MARK))) return;
  fs.rmSync(folder, { recursive: true, force: true });
  const keys = path.join(folder, 'keys');
  fs.mkdirSync(keys, { recursive: true, mode: 0o755 });
  fs.chmodSync(folder, 0o700);
  for (const [name, value] of Object.entries(makeAll())) {
    fs.writeFileSync(path.join(folder, name), value, { mode: 0o644 });
  }
  const keyFile = path.join(keys, 'keys.json');
  changeKeyFile(keyFile, () => makeKeyFile(makePem(), new Date()));
  fs.chmodSync(keyFile, 0o644);
  fs.writeFileSync(path.join(folder, MARK), '');
};

/** Reads one of the secrets. */
export const readContainerSecret = (folder: string, name: string): string =>
  fs.readFileSync(path.join(folder, name), 'utf8');

/**
 * A name of a header that no client can know, the same at each start. Apollo Router forwards one header as the
 * client's address: without a proxy in front to set it, no client may.
 */
export const makeUnknownHeader = (folder: string): string =>
  `x-${hash('sha256', readContainerSecret(folder, 'APOLLO_ROUTER_SECRET')).slice(0, 32)}`;
