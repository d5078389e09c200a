import type { CommitWatch } from './postgres-proxy.ts';
import type { CallWatch } from './http-proxy.ts';

/** A boundary by its name, or the first whose name is like this. */
export type Target = string | RegExp;

/** The services that can be killed. */
export type ServiceName = 'product' | 'order' | 'payment';

/**
 * Sees every boundary of a story, and kills at one of them. Boundaries are named by what happens
 * there and which time it is since the trap was set, such as `order: commit insert orders #1 after`.
 */
export type Trap = {
  /** Begins to count anew. @param target the boundary to kill at; null only writes them down */
  readonly set: (target: Target | null) => void;
  /** Kills nowhere, and counts nothing, until it is set again. */
  readonly lift: () => void;
  /** The boundaries that came by since it was set. */
  readonly seen: () => readonly string[];
  /** Who was killed, and when; null while nobody was. */
  readonly victim: () => { readonly service: ServiceName; readonly at: number } | null;
  readonly watchCommits: (service: ServiceName, nameJob: CommitWatch['nameJob']) => CommitWatch;
  /** @param callee null for somebody outside the shop, who is not killed */
  readonly watchCalls: (caller: ServiceName, callee: ServiceName | null) => CallWatch;
};

/** @param kill sends `kill -9` to a service */
export const makeTrap = (kill: (service: ServiceName) => void): Trap => {
  let isSet = false;
  let target: Target | null = null;
  let victim: ReturnType<Trap['victim']> = null;
  const counts = new Map<string, number>();
  const seen: string[] = [];
  /** What began since the trap was set. */
  const begun = new Set<string>();

  const number = (what: string): string => {
    const count = (counts.get(what) ?? 0) + 1;
    counts.set(what, count);
    const place = `${what} #${count}`;
    begun.add(place);
    return place;
  };

  /** Passes a boundary. @returns whether somebody dies there */
  const pass = (boundary: string, service: ServiceName): boolean => {
    if (!isSet || victim || target === null) return false;
    if (typeof target === 'string' ? boundary !== target : !target.test(boundary)) return false;
    victim = { service, at: Date.now() };
    kill(service);
    return true;
  };

  const write = (place: string, ...ends: string[]): void => {
    if (isSet && begun.has(place)) seen.push(...ends.map((end) => `${place} ${end}`));
  };

  return {
    set: (next) => {
      isSet = true;
      target = next;
      victim = null;
      counts.clear();
      begun.clear();
      seen.length = 0;
    },
    lift: () => {
      isSet = false;
    },
    seen: () => [...seen],
    victim: () => victim,

    watchCommits: (service, nameJob) => {
      const takes = new Set<string>();
      return {
        nameJob,
        before: (what) => {
          const place = number(`${service}: commit ${what}`);
          return { place, isDead: pass(`${place} before`, service) };
        },
        taken: (job) => {
          const place = number(`${service}: take ${job}`);
          takes.add(place);
          return place;
        },
        after: (place) => {
          // What is killed before it takes a job is killed after what it did last.
          write(place, ...(takes.has(place) ? [] : ['before']), 'after');
          return pass(`${place} after`, service);
        },
      };
    },

    watchCalls: (caller, callee) => {
      const dies = (place: string, when: 'before' | 'after'): boolean => {
        const ofCaller = pass(`${place} ${caller} dies ${when}`, caller);
        return ofCaller || (callee !== null && pass(`${place} ${callee} dies ${when}`, callee));
      };
      return {
        before: (operation) => {
          const place = number(`${caller} -> ${callee ?? 'webhook'}: ${operation}`);
          return { place, isCut: dies(place, 'before') };
        },
        after: (place) => {
          for (const who of callee === null ? [caller] : [caller, callee]) {
            write(place, `${who} dies before`, `${who} dies after`);
          }
          return dies(place, 'after');
        },
      };
    },
  };
};
