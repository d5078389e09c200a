import type { Logger } from '@cartograph/logging';

/** Checks of what this process needs to serve requests: each rejects when it is not available. */
export type ReadinessChecks = Readonly<Record<string, () => Promise<unknown>>>;

/** Whether a process can serve now, and which of its checks say so. */
export type Readiness = {
  readonly status: 'ready' | 'not ready' | 'draining';
  readonly checks: Readonly<Record<string, 'ok' | 'failing'>>;
};

/** Runs the checks of a process. */
export type ReadinessProbe = {
  readonly check: () => Promise<Readiness>;
  /** From now on the process is not ready, even if all its checks pass. */
  readonly drain: () => void;
  readonly isDraining: () => boolean;
};

/** A check that hangs is a check that failed. */
const CHECK_TIMEOUT_MS = 2_000;

const withTimeout = (check: () => Promise<unknown>): Promise<unknown> => {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error('timed out')), CHECK_TIMEOUT_MS);
  return Promise.race([check(), promise]).finally(() => clearTimeout(timer));
};

/**
 * Makes the probe of a process. Requests that come while the checks run share their result, so that
 * many probes cost what one does. The reason of a failure is only logged.
 */
export const makeReadinessProbe = (checks: ReadinessChecks, log: Logger): ReadinessProbe => {
  let draining = false;
  let running: Promise<Readiness> | null = null;

  const runAll = async (): Promise<Readiness> => {
    const results = await Promise.all(
      Object.entries(checks).map(async ([name, check]) => {
        const state = await withTimeout(check).then(
          () => 'ok' as const,
          (error: unknown) => {
            log.warn({ check: name, err: error }, 'readiness check failed');
            return 'failing' as const;
          },
        );
        return [name, state] as const;
      }),
    );
    const isReady = results.every(([, state]) => state === 'ok');
    return { status: isReady ? 'ready' : 'not ready', checks: Object.fromEntries(results) };
  };

  return {
    check: async () => {
      if (draining) return { status: 'draining', checks: {} };
      running ??= runAll().finally(() => {
        running = null;
      });
      return running;
    },
    drain: () => {
      draining = true;
    },
    isDraining: () => draining,
  };
};
