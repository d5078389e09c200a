import { metrics, type ObservableResult } from '@opentelemetry/api';
import type { AdmissionLimits, LaneName } from './admission-config.ts';
import { makeLane, type Lane, type LaneLoad } from './make-lane.ts';

/** Limits the requests that a process works on concurrently, by lane. */
export type Admission = {
  /** Whether `run` would reject a request of the lane immediately. */
  readonly isFull: (lane: LaneName) => boolean;
  /**
   * Counts a request as rejected if `run` would reject it immediately. It saves a rejection what is prepared for
   * work that is not done.
   * @returns whether it is rejected
   */
  readonly isRejected: (lane: LaneName) => boolean;
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

type Lanes = Readonly<Record<LaneName, Lane>>;

/** What a gauge says of each lane. */
const GAUGES: Readonly<Record<keyof LaneLoad, string>> = {
  active: 'Requests that are worked on now.',
  waiting: 'Requests that wait for a slot now.',
  stalled: 'Requests that have stalled and continue without a slot now.',
  limit: 'How many requests may be worked on now.',
};

/** Measures the lanes of a process. @returns counts rejected requests */
const measureLanes = (lanes: Lanes): ((lane: LaneName) => void) => {
  const meter = metrics.getMeter('cartograph.admission');
  for (const field of Object.keys(GAUGES) as (keyof LaneLoad)[]) {
    const gauge = meter.createObservableGauge(`shop.request.${field}`, {
      description: GAUGES[field],
    });
    gauge.addCallback((result: ObservableResult) => {
      for (const [lane, { load }] of Object.entries(lanes)) result.observe(load()[field], { lane });
    });
  }
  const rejected = meter.createCounter('shop.request.rejected', {
    description: 'Requests rejected for overload.',
  });
  for (const lane of Object.keys(lanes)) rejected.add(0, { lane });
  return (lane) => rejected.add(1, { lane });
};

/** Makes the lanes of a process, and measures them. */
export const makeAdmission = (limits: AdmissionLimits): Admission => {
  const lanes: Lanes = {
    general: makeLane(limits.general),
    payment: makeLane(limits.payment),
    signIn: makeLane(limits.signIn),
  };
  const countRejected = measureLanes(lanes);
  return {
    isFull: (lane) => lanes[lane].isFull(),
    isRejected: (lane) => {
      const isFull = lanes[lane].isFull();
      if (isFull) countRejected(lane);
      return isFull;
    },
    run: (lane, work, reject) =>
      lanes[lane].run(work, () => {
        countRejected(lane);
        return reject();
      }),
  };
};
