import type { UserService } from './open-user.ts';

/** The fields of a result that may be a problem. */
export const RESULT = `
  __typename
  ... on Problem { code message }
  ... on TooManyAttemptsProblem { retryAfterSeconds quota { limit windowSeconds } }
`;

export type Result = {
  __typename: string;
  code?: string;
  retryAfterSeconds?: number;
  quota?: { limit: number; windowSeconds: number } | null;
};
type Sender = UserService['send'];

/** Signs in from an address, by default with a wrong password. */
export const login = async (
  send: Sender,
  email: string,
  address: string,
  password = 'not this one',
) => {
  const { data } = await send(
    `mutation ($input: LoginInput!) { login(input: $input) { ${RESULT} } }`,
    { input: { email, password } },
    undefined,
    { 'x-client-address': address },
  );
  return data.login as Result;
};

/** Runs a task several times in sequence. */
export const repeat = async <Value>(times: number, task: (index: number) => Promise<Value>) => {
  const values: Value[] = [];
  for (let index = 0; index < times; index += 1) values.push(await task(index));
  return values;
};

/** How many of the results have a type. */
export const count = (results: readonly Result[], type: string) =>
  results.filter(({ __typename }) => __typename === type).length;
