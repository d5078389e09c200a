/** Postgres can't be run here; the message is one sentence for the person who started it. */
export class PostgresFailure extends Error {
  override readonly name = 'PostgresFailure';
}
