import { setTimeout as sleep } from 'node:timers/promises';

/** The longest delay, in milliseconds: longer than any timeout of the shop. */
export const MAX_SLOW_MS = 60_000;

/** What a drill does to each request: it delays it, and then fails it. */
export type Fault = { readonly slowMs: number; readonly fails: boolean };

const NO_FAULT: Fault = { slowMs: 0, fails: false };

/** A fault that is set while the process runs. */
export type FaultSwitch = {
  readonly current: () => Fault;
  readonly set: (fault: Partial<Fault>) => void;
  readonly isOn: () => boolean;
  /** Waits as long as the fault says. @throws DrillError when it fails requests */
  readonly apply: () => Promise<void>;
};

/** The error of a request that a drill fails. */
export class DrillError extends Error {
  override readonly name = 'DrillError';

  constructor() {
    super('failed by a drill');
  }
}

const makeSwitch = (): FaultSwitch => {
  let fault = NO_FAULT;
  return {
    current: () => fault,
    set: (change) => {
      fault = { ...fault, ...change };
    },
    isOn: () => fault.fails || fault.slowMs > 0,
    apply: async () => {
      const { slowMs, fails } = fault;
      if (slowMs > 0) await sleep(slowMs);
      if (fails) throw new DrillError();
    },
  };
};

/** What a drill can slow down or fail in a process: the requests to it, and its own to a payment provider. */
export const DRILL_PARTS = ['requests', 'provider'] as const;

export type DrillPart = (typeof DRILL_PARTS)[number];

/** The faults of a process, for drills: what operators practise before it happens. None is set at first. */
export type Drill = Readonly<Record<DrillPart, FaultSwitch>>;

/** Makes the switches of a process. */
export const makeDrill = (): Drill => ({ requests: makeSwitch(), provider: makeSwitch() });
