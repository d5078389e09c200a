import { z } from 'zod';
import { holdsDevelopmentSecret } from './development-secrets.ts';

/** All faults of the environment: one line for each variable. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly faults: readonly string[];

  /** @param note explains the faults, on a separate line */
  constructor(faults: readonly string[], note?: string) {
    const lines = [...faults, ...(note === undefined ? [] : [note])];
    super(`The configuration is not valid:\n${lines.map((line) => `  ${line}`).join('\n')}`);
    this.faults = faults;
  }
}

/**
 * The exit code of a process whose configuration is not valid: EX_CONFIG of sysexits.h. Supervisors
 * should not restart it: the result would be the same.
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

/** The mode when NODE_ENV is not set: a forgotten variable must not weaken a rule. */
export const DEFAULT_MODE = 'production';

const MODE_NOTE =
  'NODE_ENV is not set, so the rules of production hold; development and test must be named.';

/** The Postgres driver reads the password from these when the database URL has none. */
const DRIVER_SECRETS = ['PGPASSWORD'];

/** The default values of fields outside production. */
const developmentDefaults = z.registry<{ readonly value: string }>();

/**
 * Gives a field a default in development and in tests, such as an address of this machine. Production
 * must set the variable.
 * @param value as in the environment
 */
export const inDevelopment = <Field extends z.ZodType>(field: Field, value: string): Field => {
  developmentDefaults.add(field, { value });
  return field;
};

/** The defaults that `inDevelopment` gave to a schema's fields, by variable. */
const findDevelopmentDefaults = (schema: z.ZodObject): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(schema.shape).flatMap(([name, field]) => {
      const found = developmentDefaults.get(field as z.ZodType);
      return found ? [[name, found.value]] : [];
    }),
  );

/**
 * Reads the variables of `schema` into a read-only object. An empty variable counts as not set.
 * Faults never repeat values, which may be secrets. Without NODE_ENV the rules of production apply: no
 * default of `inDevelopment`, and no value with a development secret or a published password.
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
  const leaked = [...Object.keys(schema.shape), ...DRIVER_SECRETS].filter((name) =>
    holdsDevelopmentSecret(given[name] ?? ''),
  );
  if (isProduction && leaked.length > 0) {
    throw new ConfigError(
      leaked.map((name) => `${name}: is a development secret; production needs its own`),
      note,
    );
  }
  return freeze(result.data);
};
