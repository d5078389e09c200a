import type { ServiceName } from '../services.ts';

/** A migration problem that a person has to solve; the message names the service and the cause. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
  readonly service: ServiceName;

  constructor(service: ServiceName, message: string, options?: ErrorOptions) {
    super(`${service}: ${message}`, options);
    this.service = service;
  }
}

/**
 * What an error has to say, in one string.
 * A refused connection to a name with two addresses is an AggregateError with an empty message.
 */
export function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') {
    return error.errors.map(messageOf).join('; ');
  }
  // By shape, not by class: the engine's errors may belong to another realm.
  if (typeof error === 'object' && error !== null && 'message' in error) {
    return String(error.message);
  }
  return String(error);
}

const MIGRATION_NAME = /migration_name="([^"]+)"/;
const TRACE_LINE = /^\s+(?:\d+: |with |at )/;

/**
 * Turns a failure of the schema engine into the migration's name, where the engine knows it, and
 * the database's own words; the engine's span trace is dropped.
 */
export function describeEngineFailure(error: unknown): string {
  const text = messageOf(error);
  const cause = text
    .split('\n')
    .filter((line) => !TRACE_LINE.test(line))
    .join('\n')
    .replace(/external connector error\n/g, '')
    .replace(/Error querying the database: /g, '')
    .replace(/\n{2,}/g, '\n')
    .trim();
  const migration = MIGRATION_NAME.exec(text)?.[1];
  return migration === undefined ? cause : `migration ${migration} failed: ${cause}`;
}
