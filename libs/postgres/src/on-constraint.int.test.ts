import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeTestDatabase, type TestDatabase } from '@cartograph/testing';
import { Pool } from 'pg';
import { onConstraint } from './on-constraint.ts';

let database: TestDatabase;
let pool: Pool;

beforeAll(async () => {
  database = await makeTestDatabase();
  await database.query(`CREATE TABLE users (
    email text NOT NULL CONSTRAINT users_email_key UNIQUE,
    role text NOT NULL)`);
  pool = new Pool({ connectionString: database.url, max: 1 });
  await insert();
});

afterAll(async () => {
  await pool.end();
  await database.drop();
});

const insert = async () => {
  await pool.query("INSERT INTO users (email, role) VALUES ('ada@example.com', 'USER')");
};

/** A violation as Prisma's driver adapter wraps it; apps/user has the test on a real client. */
const fromPrisma = (originalCode: string, originalMessage: string) =>
  Object.assign(new Error('Invalid invocation'), {
    code: 'P2002',
    meta: { driverAdapterError: { cause: { originalCode, originalMessage } } },
  });

const taken = onConstraint('users_email_key', () => 'taken');

describe('the violation of a named constraint', () => {
  it('is translated', async () => {
    expect(await insert().catch(taken)).toBe('taken');
    const german = 'doppelter Schlüsselwert verletzt Unique-Constraint »users_email_key«';
    expect(taken(fromPrisma('23505', german))).toBe('taken');
  });

  it.each(['users_pkey', 'users_email', 'users_email_key_2', 'users-email-key'])(
    'is not that of %s',
    async (name) => {
      const translate = onConstraint(name, () => 'taken');
      await expect(insert().catch(translate)).rejects.toThrow('users_email_key');
    },
  );

  it('is no other error that names it', async () => {
    const missing = pool.query('SELECT users_email_key FROM users').catch(taken);
    await expect(missing).rejects.toThrow('users_email_key');
    for (const error of [new Error('users_email_key'), fromPrisma('42703', 'users_email_key')]) {
      expect(() => taken(error)).toThrow(error);
    }
    expect(() => taken(null)).toThrow();
  });
});
