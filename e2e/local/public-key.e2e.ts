// Not for a remote shop: reads the public keys of the user service, which is not reachable there.
import { createHmac, createPublicKey, type JsonWebKey } from 'node:crypto';
import { expect, it } from 'vitest';
import { newShopper } from '../testkit/accounts.ts';
import { EVERYTHING, NOTHING, reach } from '../testkit/reach.ts';

const findPublicKey = async () => {
  const [port] = (process.env['E2E_SUBGRAPH_PORTS'] ?? '').split(',');
  const response = await fetch(`http://127.0.0.1:${port}/.well-known/jwks.json`);
  const { keys } = (await response.json()) as { keys: JsonWebKey[] };
  return createPublicKey({ key: keys[0] as never, format: 'jwk' });
};

/** A real token with another algorithm, signed with the public key as if it were a shared secret. */
const forge = async (token: string): Promise<string> => {
  const [head = '', body] = token.split('.');
  const header = JSON.parse(Buffer.from(head, 'base64url').toString()) as object;
  const forged = Buffer.from(JSON.stringify({ ...header, alg: 'HS256' })).toString('base64url');
  const pem = (await findPublicKey()).export({ type: 'spki', format: 'pem' });
  const text = `${forged}.${body}`;
  return `${text}.${createHmac('sha256', pem).update(text).digest('base64url')}`;
};

it('a token signed with the public key as a secret is refused in both APIs', async () => {
  const { token } = await newShopper();
  expect(await reach(token)).toEqual(EVERYTHING);
  expect(await reach(await forge(token))).toEqual(NOTHING);
});
