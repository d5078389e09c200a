import { generateKeyPairSync } from 'node:crypto';
import { makeSubgraphCaller, TEST_SECRETS, testInfrastructure } from '@cartograph/testing';
import { readConfig } from '../../apps/user/src/config.ts';
import { makeServer } from '../../apps/user/src/server.ts';
import { applyMigrations } from '../../tools/migrate/engine.ts';
import { startThrowAwayPostgres } from '../../tools/postgres/throw-away.ts';

const SESSION = '__typename ... on Session { refreshToken } ... on Problem { code }';

/** What the user service answered to a sign-in of some kind. */
export type SignIn = {
  readonly __typename: string;
  readonly refreshToken?: string;
  readonly code?: string;
};

/** Runs the real user service on a throw-away Postgres, reached through its whole HTTP stack. */
export const openUserService = async (env: Record<string, string> = {}) => {
  const postgres = await startThrowAwayPostgres();
  await applyMigrations({ service: 'user', databaseUrl: postgres.adminUrl });
  const privateKey = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const config = readConfig({
    NODE_ENV: 'test',
    USER_DATABASE_URL: postgres.adminUrl,
    JWT_PRIVATE_KEY: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    ...TEST_SECRETS,
    // It is the rule behind the throttle that is tried here.
    LOGIN_FAILURES_PER_PAIR: '1000000',
    LOGIN_FAILURES_PER_ADDRESS: '1000000',
    LOGIN_FAILURES_PER_ACCOUNT: '1000000',
    ...env,
  });
  const app = await makeServer({ config, ...testInfrastructure() });
  const send = makeSubgraphCaller(app);

  const ask = async (field: string, type: string, input: object): Promise<SignIn> => {
    const query = `mutation ($input: ${type}!) { ${field}(input: $input) { ${SESSION} } }`;
    const answer = await send(query, { input });
    const [error] = answer.errors;
    const result = (answer.data as Record<string, SignIn> | null)?.[field];
    if (error || !result) throw new Error(`${field}: ${error?.message ?? 'no answer'}`);
    return result;
  };
  return {
    register: (email: string, password: string) =>
      ask('register', 'RegisterInput', { email, password }),
    login: (email: string, password: string) => ask('login', 'LoginInput', { email, password }),
    refresh: (refreshToken: string) =>
      ask('refreshSession', 'RefreshSessionInput', { refreshToken }),
    close: async () => {
      await app.close();
      await postgres.stop();
    },
  };
};
