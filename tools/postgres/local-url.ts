/**
 * The address of a database of a Postgres on this machine that the project started itself. It has no TLS, also
 * where PGSSLMODE asks for it.
 */
export const localUrl = (of: {
  readonly user: string;
  readonly password: string;
  readonly port: number;
  readonly database: string;
}): string =>
  `postgres://${of.user}:${encodeURIComponent(of.password)}@127.0.0.1:${of.port}/${of.database}?sslmode=disable`;
