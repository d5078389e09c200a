import {
  makeSubgraphCaller,
  makeTestDatabase,
  makeTokenMaker,
  TEST_SECRETS,
  testInfrastructure,
} from '@cartograph/testing';
import { readConfig } from '../src/config.ts';
import { makeServer } from '../src/server.ts';

export const PASSWORD = 'correct horse battery';

const SESSION = `
  __typename
  ... on Session { accessToken refreshToken user { id email role } }
  ... on Problem { code message }
`;

export type SignedIn = {
  readonly __typename: string;
  readonly code?: string;
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly user: { readonly id: string; readonly email: string; readonly role: string };
};

/** The header and claims of an access token that tests check. */
export const decodeToken = (token: string): { kid: string; sid: string; exp: number } =>
  Object.assign(
    {},
    ...token
      .split('.', 2)
      .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()) as object),
  );

/** Opens a user service on its own database, and functions that send operations to it. */
export const openUser = async (
  env: Record<string, string> = {},
  infrastructure = testInfrastructure(),
) => {
  const [database, tokens] = await Promise.all([makeTestDatabase('user'), makeTokenMaker()]);
  const config = readConfig({
    NODE_ENV: 'test',
    // A busy machine may read the feed of revoked sessions later than after 5 s.
    SESSION_STALENESS_ADMIN_MS: '600000',
    SESSION_STALENESS_MS: '600000',
    USER_DATABASE_URL: database.url,
    JWT_PRIVATE_KEY: tokens.privateKeyPem,
    JWT_ISSUER: tokens.scope.issuer,
    ...TEST_SECRETS,
    ...env,
  });
  const app = await makeServer({ config, ...infrastructure });
  const send = makeSubgraphCaller(app);

  const register = async (email: string): Promise<SignedIn> => {
    const { data } = await send(
      `mutation ($input: RegisterInput!) { register(input: $input) { ${SESSION}
         ... on ValidationFailedProblem { fields { path } } } }`,
      { input: { email, password: PASSWORD } },
    );
    return data.register as SignedIn;
  };
  const login = async (email: string, password = PASSWORD): Promise<SignedIn> => {
    const { data } = await send(
      `mutation ($input: LoginInput!) { login(input: $input) { ${SESSION} } }`,
      { input: { email, password } },
    );
    return data.login as SignedIn;
  };
  const refresh = async (refreshToken: string): Promise<SignedIn> => {
    const { data } = await send(
      `mutation ($input: RefreshSessionInput!) { refreshSession(input: $input) { ${SESSION} } }`,
      { input: { refreshToken } },
    );
    return data.refreshSession as SignedIn;
  };

  return {
    app,
    database,
    tokens,
    send,
    register,
    login,
    refresh,
    /** Another replica on the same database. The test closes it. */
    openReplica: () => makeServer({ config, ...testInfrastructure() }),
    /** Registers an administrator and signs in. @returns the authorization header */
    loginAdmin: async (email: string): Promise<string> => {
      await register(email);
      await database.query(`UPDATE users SET role = 'ADMIN' WHERE email = $1`, [email]);
      return `Bearer ${(await login(email)).accessToken}`;
    },
    /** The address of the account of an access token; null when the token is refused. */
    whoIs: async ({ accessToken }: SignedIn): Promise<string | null> => {
      const { data } = await send('{ me { email } }', {}, `Bearer ${accessToken}`);
      return (data.me as { email: string } | null)?.email ?? null;
    },
    close: async () => {
      await app.close();
      await tokens.close();
      await database.drop();
    },
  };
};

export type UserService = Awaited<ReturnType<typeof openUser>>;
