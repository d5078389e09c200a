import { setTimeout as sleep } from 'node:timers/promises';
import { makeRing } from './make-ring.ts';
import type { Circuit } from './read-metrics.ts';
import { readProcess, type ProcessReading, type StatusTarget } from './read-process.ts';
import {
  errorsBetween,
  quantileOver,
  trafficBetween,
  trafficOf,
  type LastError,
  type TimedReading,
  type TrafficPoint,
} from './summarize.ts';

/** Between two readings of all processes. */
export const INTERVAL_MS = 10_000;

/** How many readings of a process are held: those of a quarter of an hour. */
export const MAX_READINGS = 91;

/** How many kinds of errors are held, with the time at which each was read. */
export const MAX_ERRORS = 20;

/** What is shown as "now" is of the last minute: of these readings. */
const RECENT_READINGS = 7;

/** A process, as the page shows it. */
export type ProcessStatus = {
  readonly name: string;
  readonly state: ProcessReading['state'] | 'not read yet';
  readonly failingChecks: readonly string[];
  readonly version: string | null;
  readonly uptimeSeconds: number | null;
  readonly circuits: readonly Circuit[];
  readonly overdueRows: number;
  readonly dead: number;
  /** 95 of 100 due rows were claimed, and events published, within this time; null without any. */
  readonly dueLagSeconds: number | null;
  readonly eventLagSeconds: number | null;
  /** Of the last minute. */
  readonly now: TrafficPoint | null;
  /** The oldest first. */
  readonly history: readonly TrafficPoint[];
};

/** The shop, as the page shows it. */
export type ShopStatus = {
  /** When it was read last, in milliseconds since 1970; null before. */
  readonly at: number | null;
  readonly processes: readonly ProcessStatus[];
  /** The newest first. */
  readonly lastErrors: readonly LastError[];
};

/** Watches the processes of the shop. */
export type ShopWatch = {
  readonly status: () => ShopStatus;
  readonly stop: () => Promise<void>;
};

type Reading = TimedReading & ProcessReading;

const describe = (name: string, readings: readonly Reading[]): ProcessStatus => {
  const last = readings.at(-1);
  const [first] = readings.slice(-RECENT_READINGS).filter((reading) => reading.metrics);
  const { metrics = null, state = 'not read yet', failingChecks = [] } = last ?? {};
  return {
    name,
    state,
    failingChecks,
    version: metrics?.version ?? null,
    uptimeSeconds: metrics?.uptimeSeconds ?? null,
    circuits: metrics?.circuits ?? [],
    overdueRows: metrics?.overdueRows ?? 0,
    dead: metrics?.dead ?? 0,
    dueLagSeconds: quantileOver(0.95, readings, ({ dueLags }) => dueLags),
    eventLagSeconds: quantileOver(0.95, readings, ({ eventLags }) => eventLags),
    now: first && last && first !== last ? trafficBetween(first, last) : null,
    history: trafficOf(readings),
  };
};

/**
 * Reads all processes again and again, and holds the last readings.
 * @param options.read and `intervalMs` are others in tests
 */
export const watchShop = (
  targets: readonly StatusTarget[],
  {
    read = readProcess,
    intervalMs = INTERVAL_MS,
  }: {
    readonly read?: (target: StatusTarget) => Promise<ProcessReading>;
    readonly intervalMs?: number;
  } = {},
): ShopWatch => {
  const watched = targets.map((target) => ({ target, ring: makeRing<Reading>(MAX_READINGS) }));
  const errors = makeRing<LastError>(MAX_ERRORS);
  const stopping = new AbortController();
  let readAt: number | null = null;

  const readAll = async (): Promise<void> => {
    await Promise.all(
      watched.map(async ({ target, ring }) => {
        const reading = await read(target);
        const timed = { at: Date.now(), ...reading };
        const before = ring.values().findLast(({ metrics }) => metrics !== null);
        if (before)
          for (const error of errorsBetween(target.name, before, timed)) errors.add(error);
        ring.add(timed);
      }),
    );
    readAt = Date.now();
  };
  const readRepeatedly = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await readAll();
      await sleep(intervalMs, undefined, { signal: stopping.signal, ref: false }).catch(() => {});
    }
  };
  const reading = readRepeatedly();

  return {
    status: () => ({
      at: readAt,
      processes: watched.map(({ target, ring }) => describe(target.name, ring.values())),
      lastErrors: errors.values().toReversed(),
    }),
    stop: async () => {
      stopping.abort();
      await reading;
    },
  };
};
