import pg from 'pg';
import { SERVICES } from '../services.ts';
import { Refusal } from './refusal.ts';
import type { Variables } from '@cartograph/command';

const CONNECT_MS = 5_000;

/**
 * Connects once to each service's database, where these were given from outside.
 * @throws {Refusal} naming the variable and the server, never the password
 */
export async function checkDatabases(environment: Variables): Promise<void> {
  await Promise.all(
    SERVICES.map((service) => {
      const variable = `${service.toUpperCase()}_DATABASE_URL`;
      return checkDatabase(variable, environment[variable] ?? '');
    }),
  );
}

async function checkDatabase(variable: string, text: string): Promise<void> {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^postgres(ql)?:$/.test(url.protocol)) {
    throw new Refusal(
      `${variable} is not a URL of the form postgres://user:password@host/database.`,
    );
  }
  const client = new pg.Client({ connectionString: text, connectionTimeoutMillis: CONNECT_MS });
  // A connection that breaks off while it is idle would otherwise end this process.
  client.on('error', () => {});
  try {
    await client.connect();
  } catch (error) {
    const server = `${url.hostname}:${url.port || '5432'}`;
    throw new Refusal(`${variable}: the database at ${server} ${describe(error)}.`);
  } finally {
    await client.end().catch(() => {});
  }
}

/** In words of our own: what a driver says may quote the URL, and with it the password. */
function describe(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  switch (code) {
    case '28P01':
    case '28000':
      return 'refuses this user or password';
    case '3D000':
      return 'does not have a database of that name';
    case '53300':
      return 'has no connection left';
    case '57P03':
      return 'is still starting';
    case undefined:
      return `can't be reached (no answer within ${CONNECT_MS / 1000} s)`;
    default:
      return `can't be reached (${code})`;
  }
}
