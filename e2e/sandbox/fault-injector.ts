import type { CallHook } from './http-proxy.ts';
import type { CommitHook } from './postgres-proxy.ts';
import type { ServiceName } from './service-process.ts';

/** A boundary by its name, or the first one whose name matches. */
export type Target = string | RegExp;

/**
 * Sees every boundary of a scenario, and kills a service at one of them. A boundary is named by what
 * happens there and by how often it has happened since the injector was armed, such as
 * `order: commit insert orders #1 after`.
 */
export type FaultInjector = {
  /** Starts counting anew. @param target the boundary to kill at; null only records boundaries */
  readonly arm: (target: Target | null) => void;
  /** Neither kills nor records until it is armed again. */
  readonly disarm: () => void;
  /** The boundaries seen since it was armed. */
  readonly seen: () => readonly string[];
  /** The service that was killed, and when. */
  readonly victim: () => { readonly service: ServiceName; readonly at: number } | null;
  readonly hookCommits: (service: ServiceName, nameJob: CommitHook['nameJob']) => CommitHook;
  /** @param callee null for a receiver that is no service and is not killed */
  readonly hookCalls: (caller: ServiceName, callee: ServiceName | null) => CallHook;
};

/** @param kill sends SIGKILL to a service */
export const makeFaultInjector = (kill: (service: ServiceName) => void): FaultInjector => {
  let isArmed = false;
  let target: Target | null = null;
  let victim: ReturnType<FaultInjector['victim']> = null;
  const counts = new Map<string, number>();
  const seen: string[] = [];
  /** The places that were entered since the injector was armed. */
  const entered = new Set<string>();

  const enter = (what: string): string => {
    const count = (counts.get(what) ?? 0) + 1;
    counts.set(what, count);
    const place = `${what} #${count}`;
    entered.add(place);
    return place;
  };

  /** @returns whether the service was killed at this boundary */
  const pass = (boundary: string, service: ServiceName): boolean => {
    if (!isArmed || victim || target === null) return false;
    if (typeof target === 'string' ? boundary !== target : !target.test(boundary)) return false;
    victim = { service, at: Date.now() };
    kill(service);
    return true;
  };

  const record = (place: string, ...ends: string[]): void => {
    if (isArmed && entered.has(place)) seen.push(...ends.map((end) => `${place} ${end}`));
  };

  return {
    arm: (next) => {
      isArmed = true;
      target = next;
      victim = null;
      counts.clear();
      entered.clear();
      seen.length = 0;
    },
    disarm: () => {
      isArmed = false;
    },
    seen: () => [...seen],
    victim: () => victim,

    hookCommits: (service, nameJob) => {
      const finds = new Set<string>();
      return {
        nameJob,
        before: (what) => {
          const place = enter(`${service}: commit ${what}`);
          return pass(`${place} before`, service) ? null : place;
        },
        found: (what) => {
          const place = enter(`${service}: ${what}`);
          finds.add(place);
          return place;
        },
        after: (place) => {
          // A kill before work is found is a kill after the previous commit.
          record(place, ...(finds.has(place) ? [] : ['before']), 'after');
          return pass(`${place} after`, service);
        },
      };
    },

    hookCalls: (caller, callee) => {
      const services = callee === null ? [caller] : [caller, callee];
      const dies = (place: string, when: 'before' | 'after'): boolean =>
        services.some((service) => pass(`${place} ${service} dies ${when}`, service));
      return {
        before: (operation) => {
          const place = enter(`${caller} -> ${callee ?? 'webhook'}: ${operation}`);
          return dies(place, 'before') ? null : place;
        },
        after: (place) => {
          for (const service of services) {
            record(place, `${service} dies before`, `${service} dies after`);
          }
          return dies(place, 'after');
        },
      };
    },
  };
};
