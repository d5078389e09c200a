import { setTimeout as sleep } from 'node:timers/promises';
import type { Sandbox } from '../../sandbox/open-sandbox.ts';
import { expireOrders } from '../../sandbox/pass-deadlines.ts';
import {
  hurry,
  readPendingWork,
  reschedule,
  type PendingWork,
} from '../../sandbox/pending-work.ts';

const POLL_MS = 200;
const TIMEOUT_MS = 90_000;

/**
 * Checks that are repeated while their result is the same: of a decline for hours, and of an order whose payment
 * never reached the payment service until the order expires. Only those that are due must run.
 */
const REPEATED: ReadonlySet<string> = new Set<PendingWork['kind']>([
  'check decline',
  'check order',
]);

const mustRun = ({ kind, state, isSoon }: PendingWork): boolean =>
  isSoon && (!REPEATED.has(kind) || state !== 'waits');

/** Work that should be done by now: it is due, held, or dead-lettered. */
export const findLateWork = async (sandbox: Sandbox): Promise<string[]> =>
  (await readPendingWork(sandbox))
    .filter((work) => mustRun(work) && work.state !== 'waits')
    .map(({ name, kind, state }) => `${name} (${kind}) is ${state}`);

/**
 * Waits until no work is left that is due soon, or `isOver`. Work that is scheduled for later is done
 * now, except where the provider has not settled a charge; repeated checks are done once more.
 * @param isAwaited whether something else must happen first
 * @returns what was not done in the end
 */
export const passTime = async (
  sandbox: Sandbox,
  isOver: () => boolean = () => false,
  isAwaited: () => Promise<boolean> = async () => false,
): Promise<string[]> => {
  const deadline = Date.now() + TIMEOUT_MS;
  let hasRepeated = false;
  for (let quiet = 0; quiet < 2;) {
    if (isOver()) return [];
    const work = (await readPendingWork(sandbox)).filter(
      (one) => mustRun(one) && one.state !== 'dead-lettered',
    );
    const isQuiet = work.length === 0 && !(await isAwaited());
    quiet = isQuiet && hasRepeated ? quiet + 1 : 0;
    if (Date.now() > deadline)
      return work.map(({ name, kind }) => `${name} (${kind}) is never done`);
    const isSettling = work.some(
      ({ kind, state }) => kind === 'deliver webhook' && state === 'waits',
    );
    if (quiet === 0 && !isSettling && !isOver()) {
      await hurry(sandbox);
      hasRepeated ||= isQuiet;
    }
    await sleep(POLL_MS);
  }
  return [];
};

/** Ends the time in which an order can be paid, and does the check that expires it. */
export const expireOrder = async (sandbox: Sandbox, id: string, agoMs: number): Promise<void> => {
  await expireOrders(sandbox, [id], agoMs);
  await reschedule(sandbox, ['check order'], 'now', [id]);
};

/** Ends the time in which a request that holds stock should have made its order. */
export const abandonRequests = async (sandbox: Sandbox): Promise<void> => {
  await sandbox.databases.order.query(
    "UPDATE stock_holds SET renewed_at = now() - interval '31 seconds' WHERE placed_at IS NULL",
  );
  await reschedule(sandbox, ['free stock'], 'now');
};
