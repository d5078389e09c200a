import { metrics } from '@opentelemetry/api';
import type { AdmissionLimits, LaneName } from './admission-config.ts';
import { makeLane, type Lane } from './make-lane.ts';

/** Limits the requests that a process works on concurrently, by lane. */
export type Admission = {
  /**
   * Runs `work` in a slot of the lane, now or after a short wait.
   * @returns its result, or what `reject` returns when there is no slot: immediately, or after the wait
   */
  readonly run: <Result>(
    lane: LaneName,
    work: () => Promise<Result>,
    reject: () => Result | Promise<Result>,
  ) => Promise<Result>;
};

/** When a rejected client may try again, in seconds. */
export const RETRY_AFTER_SECONDS = 1;

/** Makes the lanes of a process, with a metric of what they reject. */
export const makeAdmission = (limits: AdmissionLimits): Admission => {
  const rejected = metrics
    .getMeter('cartograph.admission')
    .createCounter('shop.request.rejected', { description: 'Requests rejected for overload.' });
  const lanes: Readonly<Record<LaneName, Lane>> = {
    general: makeLane(limits.general),
    payment: makeLane(limits.payment),
    signIn: makeLane(limits.signIn),
  };
  return {
    run: (lane, work, reject) =>
      lanes[lane].run(work, () => {
        rejected.add(1, { lane });
        return reject();
      }),
  };
};
