import pg from 'pg';

/** A service's database and the role that owns it. */
export interface ServiceDatabase {
  readonly role: string;
  readonly password: string;
  readonly database: string;
}

/**
 * Makes each service's role and database where they are missing, and sets the roles' passwords. No
 * role can connect to another's database. Cheap to repeat.
 * @throws pg's errors, when the superuser can't connect or a statement fails
 */
export async function ensureDatabases(options: {
  /** The superuser's URL of the database `postgres`. */
  readonly adminUrl: string;
  readonly services: readonly ServiceDatabase[];
}): Promise<void> {
  await withClient(options.adminUrl, async (admin) => {
    const { rows } = await admin.query<{ roles: string[]; databases: string[] }>(
      `SELECT array(SELECT rolname::text FROM pg_roles) AS roles,
              array(SELECT datname::text FROM pg_database) AS databases`,
    );
    const roles = new Set(rows[0]?.roles);
    const databases = new Set(rows[0]?.databases);
    for (const service of options.services) {
      await admin.query(roleStatement(service, roles.has(service.role)));
      if (databases.has(service.database)) continue;
      const database = pg.escapeIdentifier(service.database);
      await admin.query(`CREATE DATABASE ${database} OWNER ${pg.escapeIdentifier(service.role)}`);
    }
    // Every time, since a run that was killed may have made a database and not come to this.
    await admin.query(options.services.map(closingStatement).join('\n'));
    for (const { database } of options.services.filter((one) => !databases.has(one.database))) {
      await closePublicSchema(options.adminUrl, database);
    }
  });
}

function roleStatement({ role, password }: ServiceDatabase, exists: boolean): string {
  const verb = exists ? 'ALTER' : 'CREATE';
  return (
    `${verb} ROLE ${pg.escapeIdentifier(role)} ` +
    `LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD ${pg.escapeLiteral(password)};`
  );
}

function closingStatement({ role, database }: ServiceDatabase): string {
  const name = pg.escapeIdentifier(database);
  return (
    `ALTER DATABASE ${name} OWNER TO ${pg.escapeIdentifier(role)};` +
    `REVOKE ALL ON DATABASE ${name} FROM PUBLIC;`
  );
}

/** Already so since PostgreSQL 15, unless the template was changed. */
async function closePublicSchema(adminUrl: string, database: string): Promise<void> {
  const url = new URL(adminUrl);
  url.pathname = `/${encodeURIComponent(database)}`;
  await withClient(url.href, (client) =>
    client.query('REVOKE CREATE ON SCHEMA public FROM PUBLIC'),
  );
}

async function withClient(
  url: string,
  use: (client: pg.Client) => Promise<unknown>,
): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    await use(client);
  } finally {
    await client.end();
  }
}
