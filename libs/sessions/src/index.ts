export {
  followRevocations,
  type RevocationFollower,
  type SessionState,
  type StalenessLimits,
} from './follow-revocations.ts';
export { makeRemoteRevocations } from './make-remote-revocations.ts';
export {
  MAX_REVOKED_IDS,
  type ReadRevocations,
  type RevocationResponse,
} from './revocation-response.ts';
