export {
  followRevocations,
  type ReadRevocations,
  type RevocationFollower,
  type SessionState,
  type StalenessLimits,
} from './follow-revocations.ts';
export { makeRemoteRevocations } from './make-remote-revocations.ts';
export { MAX_REVOKED_IDS, type RevocationResponse } from './make-revocation-list.ts';
