import { record, type MadeEntry } from './record.ts';

/** Sessions that one file of tests has opened. They are secrets, so they are noted nowhere else. */
const refreshTokens = new Set<string>();

/** What a request to these addresses makes when it is answered with 201. */
const MAKES: Readonly<Record<string, MadeEntry['what']>> = {
  '/v1/auth/register': 'account',
  '/v1/orders': 'order',
  '/v1/products': 'product',
};

type Body = {
  readonly id?: string;
  readonly user?: { readonly id: string };
  readonly refresh_token?: string;
} | null;

/** Notes what a response of `/v1` says was made, so that it can be removed. */
export const noteMade = (path: string, status: number, body: Body): void => {
  if (body?.refresh_token) refreshTokens.add(body.refresh_token);
  const what = MAKES[path];
  const id = body?.user?.id ?? body?.id;
  if (status === 201 && what && id) record({ kind: 'made', what, id });
};

/** Notes an order that was made in the graph. */
export const noteOrder = (id: unknown): void => {
  if (typeof id === 'string') record({ kind: 'made', what: 'order', id });
};

/** The refresh tokens of all sessions that were noted. */
export const notedSessions = (): readonly string[] => [...refreshTokens];
