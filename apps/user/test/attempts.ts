import type { UserService } from './open-user.ts';

/** What tests ask of a result that may be a refusal. */
export const RESULT = `
  __typename
  ... on Problem { code message }
  ... on TooManyAttemptsProblem { retryAfterSeconds }
`;

export type Result = { __typename: string; code?: string; retryAfterSeconds?: number };
type Sender = UserService['send'];

/** Signs in from an address, with a wrong password if none is given. */
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

/** Does something so many times, one after the other. */
export const repeat = async <Value>(times: number, task: (index: number) => Promise<Value>) => {
  const values: Value[] = [];
  for (let index = 0; index < times; index += 1) values.push(await task(index));
  return values;
};

/** How many of the results are of a type. */
export const count = (results: readonly Result[], type: string) =>
  results.filter(({ __typename }) => __typename === type).length;
