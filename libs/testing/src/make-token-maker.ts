import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { makeTokenSigner, readSigningKey, type Role, type Viewer } from '@cartograph/auth';

/** A user service as far as tokens go: a key, the address of its key set, and tokens. */
export type TokenMaker = {
  readonly privateKeyPem: string;
  readonly jwksUrl: string;
  /** Where it answers which sessions go on: all but those that were ended. */
  readonly userUrl: string;
  readonly endSession: (sessionId: string) => void;
  readonly scope: { readonly issuer: string; readonly audience: string };
  /** An `authorization` header, of somebody new when nobody is named. */
  readonly authorize: (role?: Role, id?: string) => { viewer: Viewer; authorization: string };
  readonly close: () => Promise<void>;
};

/** Serves a key set on a free port, as the user service does. */
export const makeTokenMaker = async (): Promise<TokenMaker> => {
  const privateKeyPem = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({
    type: 'pkcs8',
    format: 'pem',
  }) as string;
  const key = readSigningKey(privateKeyPem);
  const scope = { issuer: 'http://issuer.test', audience: 'cartograph' };
  const sign = makeTokenSigner(key, scope, 600_000);
  const ended = new Set<string>();
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      response.setHeader('content-type', 'application/json');
      if (request.method === 'GET') return response.end(JSON.stringify({ keys: [key.jwk] }));
      const { variables } = JSON.parse(body) as { variables: { ids: string[] } };
      const activeSessions = variables.ids.filter((id) => !ended.has(id));
      return response.end(JSON.stringify({ data: { activeSessions } }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    privateKeyPem,
    jwksUrl: `${origin}/`,
    userUrl: `${origin}/graphql`,
    endSession: (sessionId) => void ended.add(sessionId),
    scope,
    authorize: (role = 'USER', id = randomUUID()) => {
      const viewer: Viewer = { id, role, sessionId: randomUUID() };
      return { viewer, authorization: `Bearer ${sign(viewer).token}` };
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
};
