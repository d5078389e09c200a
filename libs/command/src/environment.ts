import fs from 'node:fs';
import path from 'node:path';
import { parseEnv } from 'node:util';
import { CommandFailure, EXIT } from './command-failure.ts';

/** Environment variables by name; a variable that is set to nothing is not among them. */
export type Variables = Readonly<Record<string, string>>;

const workspaceRoot = path.resolve(import.meta.dirname, '..', '..', '..');

/**
 * The file in the state folder with the complete environment of the development shop. `npm start`
 * writes it, so that commands find the databases of that shop.
 */
export const SHOP_ENVIRONMENT_FILE = 'shop.env';

/** Writes variables as an .env file that only its owner can read, in one step. */
export const writeVariables = (file: string, note: string, variables: Variables): void => {
  // In double quotes a .env file has \n for a line's end, so that each variable is one line.
  const lines = Object.entries(variables).map(
    ([name, value]) => `${name}="${value.replaceAll('\n', '\\n')}"`,
  );
  // A process that is killed while it writes must not leave half of the variables.
  fs.writeFileSync(`${file}.new`, [`# ${note}`, ...lines, ''].join('\n'), { mode: 0o600 });
  fs.renameSync(`${file}.new`, file);
};

/** The variables in a .env file; none when there is no such file. */
export const readVariables = (file: string): Variables => {
  try {
    return parseEnv(fs.readFileSync(file, 'utf8')) as Variables;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
};

/** A variable that is set to nothing counts as not set, as in the lines of .env.example. */
const withoutEmpty = (variables: NodeJS.ProcessEnv): Variables =>
  Object.fromEntries(Object.entries(variables).filter(([, value]) => value)) as Variables;

/**
 * What the person set: the `.env` file of the workspace, or the one that CARTOGRAPH_ENV_FILE names, overruled by the
 * process's environment. Tests name one without variables: the shops that they start must not use databases that
 * the person has set.
 */
export const readGiven = (
  environment: NodeJS.ProcessEnv,
  root: string = workspaceRoot,
): Variables => {
  const file = environment['CARTOGRAPH_ENV_FILE'] || path.join(root, '.env');
  return withoutEmpty({ ...readVariables(file), ...withoutEmpty(environment) });
};

/** The absolute folder of everything that the development shop keeps between runs. */
export const stateDirOf = (given: Variables, root: string = workspaceRoot): string =>
  path.resolve(root, given['CARTOGRAPH_STATE_DIR'] ?? '.cartograph');

/** The environment of the development shop on this machine, overruled by what the person sets now. */
export const readShop = (environment: NodeJS.ProcessEnv, root?: string): Variables => {
  const given = readGiven(environment, root);
  const file = path.join(stateDirOf(given, root), SHOP_ENVIRONMENT_FILE);
  return { ...readVariables(file), ...given };
};

/**
 * The environment of a command that needs `variable`: as it was given, else that of the development
 * shop on this machine, which must have been started once.
 * @throws CommandFailure when the variable is not given and there is no such shop
 */
export const readShopEnvironment = (
  variable: string,
  environment: NodeJS.ProcessEnv,
  root?: string,
): Variables => {
  const given = readGiven(environment, root);
  if (given[variable] !== undefined) return given;
  const shop = readShop(environment, root);
  if (shop[variable] !== undefined) return shop;
  throw new CommandFailure(
    EXIT.failed,
    `There is no shop in ${stateDirOf(given, root)} yet: run npm start once, or set ${variable}.`,
  );
};
