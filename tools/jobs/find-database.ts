import { existsSync } from 'node:fs';
import path from 'node:path';
import { CommandFailure, EXIT } from '@cartograph/command';
import { parseEnv, postgresUrl } from '@cartograph/config';
import { z } from 'zod';
import { readGiven } from '../start/environment.ts';
import { readSettings } from '../start/settings.ts';
import { readShopEnvironment } from '../user/read-shop-environment.ts';

const VARIABLES = {
  product: 'PRODUCT_DATABASE_URL',
  order: 'ORDER_DATABASE_URL',
  payment: 'PAYMENT_DATABASE_URL',
} as const;

/** A service that has durable work. */
export type Service = keyof typeof VARIABLES;

export const SERVICES = Object.keys(VARIABLES) as Service[];

const root = path.resolve(import.meta.dirname, '..', '..');

/**
 * The address of a service's database: as it was given, or that of the shop on this machine.
 * @throws CommandFailure where no address was given and no shop has ever run
 */
export const findDatabase = (service: Service): string => {
  const variable = VARIABLES[service];
  const given = readGiven(root, process.env);
  const { stateDir } = readSettings(given, root);
  if (given[variable] === undefined && !existsSync(path.join(stateDir, 'dev.env'))) {
    throw new CommandFailure(
      EXIT.failed,
      `There is no shop in ${stateDir} yet: run npm start once, or set ${variable}.`,
    );
  }
  const known = given[variable] === undefined ? readShopEnvironment() : given;
  // Whose database it is, is the operator's choice: nothing is served here.
  const env = { NODE_ENV: 'development', ...known };
  return parseEnv(z.object({ [variable]: postgresUrl() }), env)[variable] ?? '';
};
