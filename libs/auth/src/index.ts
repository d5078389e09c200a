export {
  CLOCK_SKEW_S,
  makeTokenSigner,
  makeTokenVerifier,
  mayActFor,
  type AccessToken,
  type AccessTokenClaims,
  type Role,
  type TokenScope,
  type TokenVerifier,
  type Viewer,
} from './access-token.ts';
export {
  CALLER_HEADER,
  CALLERS,
  makeCallerSigner,
  makeCallerVerifier,
  SUBGRAPHS,
  type Caller,
  type CallerSecrets,
  type CallerVerifier,
  type Subgraph,
} from './caller.ts';
export { makeJwksFetcher, makeJwksKeyFinder, type JwksKeyFinderOptions } from './jwks.ts';
export {
  KeyFileError,
  parseKeyFile,
  type KeyEntry,
  type KeyFile,
  type KeyState,
} from './key-file.ts';
export { makeSingleKeyRing, readKeyRing, type KeyRing } from './key-ring.ts';
export {
  makeKeyFile,
  publishKey,
  removableAt,
  removeKey,
  removeRetired,
  RotationError,
  signWithNewest,
} from './key-rotation.ts';
export {
  findRouterSecretFaults,
  makeRouterVerifier,
  readRouterSecrets,
  ROUTER_AUTHORIZATION_HEADER,
  type RouterSecret,
  type RouterVerifier,
} from './router-secret.ts';
export { readSigningKey, type Jwk, type JwkSet, type SigningKey } from './signing-key.ts';
