/** A request whose text takes long to normalize, and which is refused for its length. */
export type HostileTextRequest = {
  readonly what: string;
  readonly app: 'router' | 'rest';
  readonly path: string;
  readonly body: object;
  /** The status and code of its response: one of these. */
  readonly refused: readonly string[];
};

/** Of UTF-8, in one text: 11 s of NFKC. */
const BYTES = 256 * 1024;

/** NFKC sorts combining marks that are out of order, in time with the square of their number. */
const MARKS = '\u0315'.repeat(BYTES / 4) + '\u0316'.repeat(BYTES / 4);

const EMAIL = `a${MARKS}@b.co`;
const PASSWORD = `Aa1!${MARKS}`;

const mutation = (field: string, input: string): string =>
  `mutation M($input: ${input}!) { ${field}(input: $input) { __typename ... on Problem { code } } }`;

/** After ten failures no more are counted. */
const THROTTLED = ['200 INVALID_CREDENTIALS', '200 TOO_MANY_ATTEMPTS'];

const toRouter = (
  what: string,
  query: string,
  input: object,
  refused: readonly string[] = ['200 VALIDATION_FAILED'],
): HostileTextRequest => ({
  what: `${what}, GraphQL`,
  app: 'router',
  path: '/graphql',
  body: { query, variables: { input } },
  refused,
});

const toRest = (what: string, path: string, body: object): HostileTextRequest => ({
  what: `${what}, REST`,
  app: 'rest',
  path,
  body,
  refused: ['422 VALIDATION_FAILED'],
});

const LOGIN = mutation('login', 'LoginInput');
const REGISTER = mutation('register', 'RegisterInput');
const CHANGE_PASSWORD = mutation('changePassword', 'ChangePasswordInput');

/** Each needs a token; only a change of the password reads it. */
export const HOSTILE_TEXTS: readonly HostileTextRequest[] = [
  toRouter('the address of a sign-in', LOGIN, { email: EMAIL, password: 'x' }, THROTTLED),
  toRouter('the password of a sign-in', LOGIN, { email: 'a@b.co', password: PASSWORD }, THROTTLED),
  toRouter('the address of a registration', REGISTER, { email: EMAIL, password: 'Aa1!Aa1!' }),
  toRouter('the password of a registration', REGISTER, { email: 'a@b.co', password: PASSWORD }),
  toRouter(
    'the current password of a change',
    CHANGE_PASSWORD,
    { currentPassword: PASSWORD, newPassword: 'Aa1!Aa1!' },
    THROTTLED,
  ),
  toRouter('the new password of a change', CHANGE_PASSWORD, {
    currentPassword: 'x',
    newPassword: PASSWORD,
  }),
  toRest('the address of a sign-in', '/v1/auth/login', { email: EMAIL, password: 'x' }),
  toRest('the password of a sign-in', '/v1/auth/login', { email: 'a@b.co', password: PASSWORD }),
  toRest('the address of a registration', '/v1/auth/register', {
    email: EMAIL,
    password: 'Aa1!Aa1!',
  }),
  toRest('the password of a registration', '/v1/auth/register', {
    email: 'a@b.co',
    password: PASSWORD,
  }),
  toRest('the current password of a change', '/v1/auth/password', {
    current_password: PASSWORD,
    new_password: 'Aa1!Aa1!',
  }),
  toRest('the new password of a change', '/v1/auth/password', {
    current_password: 'x',
    new_password: PASSWORD,
  }),
];

const CODE = /"code":\s*"(\w+)"/g;

/** As what a response refuses a request: its status, and its codes. */
export const describeRefusal = (status: number, text: string): string =>
  [status, ...new Set([...text.matchAll(CODE)].map(([, code]) => code))].join(' ');
