/** What an account may be. */
export type Role = 'USER' | 'ADMIN';

/** Who sent a request, as the access token says. */
export type Viewer = {
  readonly id: string;
  readonly role: Role;
  /** The sign-in that the token came from: when it ends, so does the token. */
  readonly sessionId: string;
};

/** True when `viewer` may read or change what belongs to the account `ownerId`. */
export const mayActFor = (viewer: Viewer | null, ownerId: string): boolean =>
  viewer !== null && (viewer.role === 'ADMIN' || viewer.id === ownerId);
