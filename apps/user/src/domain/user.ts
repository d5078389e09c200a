import type { Role } from '@cartograph/auth';

/** An account of the shop. */
export type User = {
  readonly id: string;
  /** Normalised, as readEmail gives it. */
  readonly email: string;
  /** What the customer likes to be called. */
  readonly name: string | null;
  readonly role: Role;
  readonly createdAt: Date;
  readonly updatedAt: Date;
};
