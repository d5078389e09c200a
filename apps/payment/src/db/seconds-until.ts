import type { NextStep } from '../domain/next-step.ts';

/**
 * The seconds from a time of this process until a payment is due, for the database to add to its own
 * clock; null when nothing is left to do.
 */
export const secondsUntil = (next: NextStep | null, since: Date): number | null =>
  next?.dueAt ? (next.dueAt.getTime() - since.getTime()) / 1_000 : null;
