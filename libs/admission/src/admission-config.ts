import { timerMilliseconds, timerMillisecondsFrom } from '@cartograph/config';
import { z } from 'zod';
import type { LaneLimits } from './make-lane.ts';

const count = (min: number) => z.coerce.number().int().min(min);

/** The variables of the limits on concurrent requests. */
export const admissionEnv = {
  ADMISSION_MIN_CONCURRENT: count(1).default(16),
  ADMISSION_MAX_CONCURRENT: count(1).default(256),
  ADMISSION_SIGN_IN_CONCURRENT: count(1).default(12),
  ADMISSION_TARGET_MS: count(1).default(25),
  ADMISSION_MAX_WAIT_MS: timerMillisecondsFrom(0).default(250),
  ADMISSION_STALLED_MS: timerMilliseconds().default(1_000),
};

/**
 * The lanes: `signIn` for what hashes passwords, `payment` for what completes or ends an order that a
 * customer placed, `general` for everything else. None uses the slots of another.
 */
export type LaneName = 'signIn' | 'payment' | 'general';

/** The limits of each lane of requests. */
export type AdmissionLimits = Readonly<Record<LaneName, LaneLimits>>;

/** Reads the limits of all lanes. Each adapts to the latency, between its least and its most. */
export const readAdmissionLimits = (
  env: z.infer<z.ZodObject<typeof admissionEnv>>,
): AdmissionLimits => {
  const least = env.ADMISSION_MIN_CONCURRENT;
  const most = Math.max(least, env.ADMISSION_MAX_CONCURRENT);
  const signIn = env.ADMISSION_SIGN_IN_CONCURRENT;
  const common = {
    targetMs: env.ADMISSION_TARGET_MS,
    stalledMs: env.ADMISSION_STALLED_MS,
    maxWaitMs: env.ADMISSION_MAX_WAIT_MS,
  };
  return {
    general: { ...common, least, most, mostStalled: most },
    // What waits for the provider of payments is bounded by this lane alone: it keeps its slot.
    payment: { ...common, least, most, mostStalled: 0 },
    // Passwords are hashed one per core, at any latency: more at once would only wait there.
    signIn: { ...common, least: signIn, most: signIn, mostStalled: 0 },
  };
};

/** How many requests a process works on concurrently, at most: those with a slot, and those that have stalled. */
export const mostConcurrent = (limits: AdmissionLimits): number =>
  Object.values(limits).reduce((sum, { most, mostStalled }) => sum + most + mostStalled, 0);
