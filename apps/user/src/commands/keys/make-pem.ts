import { generateKeyPairSync } from 'node:crypto';

/** A new RSA key of 2048 bits, as PKCS #8 PEM. */
export function makePem(): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString().trim();
}
