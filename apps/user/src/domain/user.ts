import type { Role } from '@cartograph/auth';

/** An account of the shop. */
export type User = {
  readonly id: string;
  /** Normalised, as readEmail gives it. */
  readonly email: string;
  readonly role: Role;
  readonly createdAt: Date;
  readonly updatedAt: Date;
};
