export {
  makeTokenSigner,
  makeTokenVerifier,
  type AccessToken,
  type TokenScope,
  type TokenVerifier,
} from './access-token.ts';
export {
  CALLER_HEADER,
  makeCallerSigner,
  makeCallerVerifier,
  type Caller,
  type CallerSecrets,
  type CallerVerifier,
} from './caller.ts';
export { makeJwksFetcher, makeJwksKeyFinder } from './jwks.ts';
export { readSigningKey, type Jwk, type JwkSet, type SigningKey } from './signing-key.ts';
export { mayActFor, type Role, type Viewer } from './viewer.ts';
