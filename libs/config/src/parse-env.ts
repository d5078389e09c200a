import type { z } from 'zod';

/** All that is wrong with the environment, at once: one line a variable. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(`The configuration is not valid:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
    this.faults = faults;
  }
}

/** What `npm start` makes secrets with, so that they are known for what they are elsewhere. */
export const DEVELOPMENT_SECRET_PREFIX = 'dev-';

/** The environment as Node has it. */
export type Env = Readonly<Record<string, string | undefined>>;

const freeze = <Value>(value: Value): Value => {
  if (typeof value === 'object' && value !== null) {
    Object.values(value).forEach(freeze);
    Object.freeze(value);
  }
  return value;
};

/**
 * Reads the variables that `schema` names, once, into a read-only object. An empty variable counts
 * as not set. Values are never repeated in a fault: they may be secrets.
 * Production takes no secret that was made for development.
 * @throws ConfigError that names every variable that is missing or not valid
 */
export const parseEnv = <Schema extends z.ZodObject>(
  schema: Schema,
  env: Env,
): Readonly<z.infer<Schema>> => {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const result = schema.safeParse(given, {
    error: (issue) => (issue.input === undefined ? 'is not set' : undefined),
  });
  if (!result.success) {
    throw new ConfigError(
      result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`),
    );
  }
  const borrowed = Object.keys(schema.shape).filter((name) =>
    given[name]?.startsWith(DEVELOPMENT_SECRET_PREFIX),
  );
  if (given['NODE_ENV'] === 'production' && borrowed.length > 0) {
    throw new ConfigError(
      borrowed.map((name) => `${name}: is a development secret; production needs its own`),
    );
  }
  return freeze(result.data);
};
