import type { z } from 'zod';
import { holdsDevelopmentSecret } from './development-secrets.ts';
import { findDevelopmentDefaults } from './in-development.ts';

/** All that is wrong with the environment, at once: one line a variable. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly faults: readonly string[];

  /** @param note what explains the faults, as a line of its own */
  constructor(faults: readonly string[], note?: string) {
    const lines = [...faults, ...(note === undefined ? [] : [note])];
    super(`The configuration is not valid:\n${lines.map((line) => `  ${line}`).join('\n')}`);
    this.faults = faults;
  }
}

/**
 * How a process exits whose configuration is not valid: EX_CONFIG of sysexits.h. Starting it again
 * changes nothing, so whoever supervises it should not.
 */
export const CONFIG_EXIT_CODE = 78;

/** The environment as Node has it. */
export type Env = Readonly<Record<string, string | undefined>>;

const freeze = <Value>(value: Value): Value => {
  if (typeof value === 'object' && value !== null) {
    Object.values(value).forEach(freeze);
    Object.freeze(value);
  }
  return value;
};

/** The modes that a process can run in. */
export const MODES = ['development', 'test', 'production'] as const;

/** What holds where nobody says otherwise: forgetting a variable must not open anything. */
export const DEFAULT_MODE = 'production';

const MODE_NOTE =
  'NODE_ENV is not set, so the rules of production hold; development and test must be named.';

/** What the Postgres driver takes for a password when the address of the database has none. */
const DRIVER_SECRETS = ['PGPASSWORD'];

/**
 * Reads the variables that `schema` names, once, into a read-only object. An empty variable counts
 * as not set. Values are never repeated in a fault: they may be secrets. Without NODE_ENV the rules
 * of production hold: no default of `inDevelopment`, and no secret that was made for development or
 * that is published, wherever it stands in a value.
 * @throws ConfigError that names every variable that is missing or not valid
 */
export const parseEnv = <Schema extends z.ZodObject>(
  schema: Schema,
  env: Env,
): Readonly<z.infer<Schema>> => {
  const given = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ''),
  );
  const isProduction = (given['NODE_ENV'] ?? DEFAULT_MODE) === 'production';
  const note = given['NODE_ENV'] === undefined ? MODE_NOTE : undefined;
  const defaults = isProduction ? {} : findDevelopmentDefaults(schema);
  const result = schema.safeParse(
    { ...defaults, ...given },
    { error: (issue) => (issue.input === undefined ? 'is not set' : undefined) },
  );
  if (!result.success) {
    throw new ConfigError(
      result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`),
      note,
    );
  }
  const borrowed = [...Object.keys(schema.shape), ...DRIVER_SECRETS].filter((name) =>
    holdsDevelopmentSecret(given[name] ?? ''),
  );
  if (isProduction && borrowed.length > 0) {
    throw new ConfigError(
      borrowed.map((name) => `${name}: is a development secret; production needs its own`),
      note,
    );
  }
  return freeze(result.data);
};
