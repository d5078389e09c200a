import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { text } from 'node:stream/consumers';
import { makeTokenSigner, readSigningKey, type Role, type Viewer } from '@cartograph/auth';
import { startHttpServer } from './start-http-server.ts';

/** Stands in for the user service: makes tokens, and serves the key set and the revocations. */
export type TokenMaker = {
  readonly privateKeyPem: string;
  readonly jwksUrl: string;
  /** Serves the sessions that `endSession` ended. */
  readonly userUrl: string;
  readonly endSession: (sessionId: string) => void;
  readonly scope: { readonly issuer: string; readonly audience: string };
  /** An `authorization` header, of a new account when no id is given. */
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
  const events = new EventEmitter().setMaxListeners(0);
  const { origin, close } = await startHttpServer((request, response) => {
    const respond = (content: object): void => {
      response.setHeader('content-type', 'application/json').end(JSON.stringify(content));
    };
    if (request.method === 'GET') return respond({ keys: [key.jwk] });
    // A long poll for revocations: it waits for the next one, or a second.
    const poll = async (): Promise<void> => {
      const { variables } = JSON.parse(await text(request)) as {
        variables: { after: string | null };
      };
      const stop = (): void => {
        clearTimeout(timer);
        events.off('ended', finish);
      };
      const finish = (): void => {
        stop();
        const keepMs = 660_000;
        const sessionRevocations = { ids: ended, asOf: new Date(), issuedBefore: null, keepMs };
        respond({ data: { sessionRevocations } });
      };
      const isNew = variables.after === null || Date.parse(variables.after) <= endedAt;
      const timer = setTimeout(finish, isNew ? 0 : 1_000);
      events.once('ended', finish);
      response.once('close', stop);
    };
    return void poll().catch(() => response.destroy());
  });
  return {
    privateKeyPem,
    jwksUrl: `${origin}/`,
    userUrl: `${origin}/graphql`,
    endSession: (sessionId) => {
      ended.push(sessionId);
      endedAt = Date.now();
      events.emit('ended');
    },
    scope,
    authorize: (role = 'USER', id = randomUUID()) => {
      const viewer: Viewer = { id, role, sessionId: randomUUID() };
      return { viewer, authorization: `Bearer ${sign(viewer).token}` };
    },
    close,
  };
};
