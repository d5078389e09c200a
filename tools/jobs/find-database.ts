import { readShopEnvironment } from '@cartograph/command';
import { parseEnv, postgresUrl } from '@cartograph/config';
import { z } from 'zod';

const VARIABLES = {
  product: 'PRODUCT_DATABASE_URL',
  order: 'ORDER_DATABASE_URL',
  payment: 'PAYMENT_DATABASE_URL',
} as const;

/** A service that has durable work. */
export type Service = keyof typeof VARIABLES;

export const SERVICES = Object.keys(VARIABLES) as Service[];

/**
 * The address of a service's database: as it was given, or that of the shop on this machine.
 * @throws CommandFailure where no address was given and no shop has ever run
 */
export const findDatabase = (service: Service): string => {
  const variable = VARIABLES[service];
  // Whose database it is, is the operator's choice: nothing is served here.
  const env = { NODE_ENV: 'development', ...readShopEnvironment(variable, process.env) };
  return parseEnv(z.object({ [variable]: postgresUrl() }), env)[variable] ?? '';
};
