import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { makeTokenSigner, readSigningKey, type Role, type Viewer } from '@cartograph/auth';

/** A user service as far as tokens go: a key, the address of its key set, and tokens. */
export type TokenMaker = {
  readonly privateKeyPem: string;
  readonly jwksUrl: string;
  /** Where it answers which sessions were revoked: those that were ended here. */
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
  const ended: string[] = [];
  let endedAt = 0;
  /** Ends the waits of long polls. */
  const news = new EventEmitter().setMaxListeners(0);
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      response.setHeader('content-type', 'application/json');
      if (request.method === 'GET') {
        response.end(JSON.stringify({ keys: [key.jwk] }));
        return;
      }
      const { variables } = JSON.parse(body) as { variables: { after: string | null } };
      const answer = (): void => {
        clearTimeout(timer);
        news.off('ended', answer);
        const keepMs = 660_000;
        const sessionRevocations = { ids: ended, asOf: new Date(), issuedBefore: null, keepMs };
        response.end(JSON.stringify({ data: { sessionRevocations } }));
      };
      const isNews = variables.after === null || Date.parse(variables.after) <= endedAt;
      const timer = setTimeout(answer, isNews ? 0 : 1_000);
      news.once('ended', answer);
      response.once('close', () => {
        clearTimeout(timer);
        news.off('ended', answer);
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    privateKeyPem,
    jwksUrl: `${origin}/`,
    userUrl: `${origin}/graphql`,
    endSession: (sessionId) => {
      ended.push(sessionId);
      endedAt = Date.now();
      news.emit('ended');
    },
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
