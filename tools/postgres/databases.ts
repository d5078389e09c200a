import pg from 'pg';

/** A service's database and the role that owns it. */
export interface OwnedDatabase {
  readonly role: string;
  readonly password: string;
  readonly database: string;
}

/**
 * Makes each role and database that is missing, and sets the roles' passwords. No role can connect
 * to another's database. Cheap to repeat.
 * @param adminUrl the superuser's URL of the database `postgres`
 * @throws pg's errors, when the superuser can't connect or a statement fails
 */
export const ensureDatabases = async (
  adminUrl: string,
  wanted: readonly OwnedDatabase[],
): Promise<void> => {
  const admin = new pg.Client({ connectionString: adminUrl, connectionTimeoutMillis: 10_000 });
  await admin.connect();
  try {
    const { rows } = await admin.query<{ name: string }>(
      `SELECT 'role ' || rolname AS name FROM pg_roles
       UNION ALL SELECT 'database ' || datname FROM pg_database`,
    );
    const existing = new Set(rows.map(({ name }) => name));
    for (const { role, password, database } of wanted) {
      const [roleName, databaseName] = [role, database].map((name) => pg.escapeIdentifier(name));
      const verb = existing.has(`role ${role}`) ? 'ALTER' : 'CREATE';
      await admin.query(
        `${verb} ROLE ${roleName} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE
         PASSWORD ${pg.escapeLiteral(password)}`,
      );
      if (!existing.has(`database ${database}`)) {
        await admin.query(`CREATE DATABASE ${databaseName} OWNER ${roleName}`);
      }
      // Each time: a run that was killed may have made the database and not revoked the rights.
      await admin.query(`REVOKE ALL ON DATABASE ${databaseName} FROM PUBLIC`);
    }
  } finally {
    await admin.end();
  }
};
