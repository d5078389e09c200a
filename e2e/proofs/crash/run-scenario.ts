import { setTimeout as sleep } from 'node:timers/promises';
import { resultOf, type ServiceResponse } from '../../sandbox/client.ts';
import type { Target } from '../../sandbox/fault-injector.ts';
import { deliverEvents } from '../../sandbox/drain.ts';
import type { Sandbox } from '../../sandbox/open-sandbox.ts';
import { removeDeadWork } from '../../sandbox/pending-work.ts';
import { checkLedger } from './check-ledger.ts';
import { findLateWork, passTime } from './pass-time.ts';
import { keyed, sendOnce, type Scenario, type Story } from './scenario.ts';

/** How one run ended. */
export type Run = {
  readonly boundaries: readonly string[];
  /** False when the boundary was not seen. */
  readonly isReached: boolean;
  readonly faults: readonly string[];
  /** Until the victim was ready again. */
  readonly downMs: number;
  /** From then until nothing was wrong. */
  readonly recoveryMs: number;
};

/** From when the victim is ready again. */
const RECOVERY_MS = 30_000;

/** A key whose request was interrupted is free again after 30 s; a busy machine starts slowly. */
const CLIENT_TIMEOUT_MS = 120_000;

/** So long after a request that made no order, its stock is free again. */
const FREE_STOCK_MS = 60_000;

const POLL_MS = 400;

/** Repeats a request until it has a response that is final; null when the time is over. */
const sendUntilFinal = async (request: () => Promise<ServiceResponse>) => {
  const deadline = Date.now() + CLIENT_TIMEOUT_MS;
  for (;;) {
    const response = await sendOnce(request);
    if (response || Date.now() > deadline) return response;
    await sleep(500);
  }
};

/** Checks until no fault is left, or the time is over. @returns the faults that are left */
const checkUntilRecovered = async (
  check: () => Promise<string[]>,
  timeoutMs = RECOVERY_MS,
): Promise<string[]> => {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const faults = await check();
    if (faults.length === 0 || Date.now() > deadline) return faults;
    await sleep(POLL_MS);
  }
};

const findFaults = async (sandbox: Sandbox, story: Story, hasResponse: boolean) => {
  const ledger = await checkLedger(sandbox, story);
  const verdict = story.judge(ledger, hasResponse);
  return [...ledger.faults, ...(verdict ? [verdict] : []), ...(await findLateWork(sandbox))];
};

const recover = async (sandbox: Sandbox, story: Story, hasResponse: boolean): Promise<string[]> => {
  const faults = await checkUntilRecovered(() => findFaults(sandbox, story, hasResponse));
  return faults.map((fault) => `not within ${RECOVERY_MS / 1_000} s: ${fault}`);
};

const findOpenTransactions = async ({ databases }: Sandbox): Promise<string[]> => {
  const found = Object.values(databases).map((database) =>
    database.query<{ name: string }>(
      `SELECT datname AS name FROM pg_stat_activity WHERE datname = current_database()
       AND state LIKE 'idle in transaction%' AND state_change < now() - interval '5 seconds'`,
    ),
  );
  return (await Promise.all(found)).flat().map(({ name }) => `${name} has an open transaction`);
};

/** Pays the orders that are pending: this must be possible. */
const payPending = async (sandbox: Sandbox, story: Story): Promise<string[]> => {
  const { orders } = await checkLedger(sandbox, story);
  for (const { id: orderId } of orders.filter(({ status }) => status === 'PENDING')) {
    const response = await sendUntilFinal(keyed(story.customer, 'payOrder', { orderId }));
    const result = response && resultOf(response);
    const isSoldOut = story.isHoldExpired && result?.__typename === 'OrderNotPendingProblem';
    if (result?.status !== 'CONFIRMED' && !isSoldOut) {
      return [`cannot be paid any more: ${response?.text}`];
    }
  }
  return [];
};

/** After the recovery: the remaining work is done, and changes nothing. */
const finish = async (sandbox: Sandbox, story: Story, response: ServiceResponse | null) => {
  const hasResponse = story.request === null || response !== null;
  const faults = [
    ...(await passTime(sandbox)),
    ...(await findFaults(sandbox, story, hasResponse)).map((fault) => `in the end: ${fault}`),
    ...(await findOpenTransactions(sandbox)),
  ];
  if (faults.length > 0) return faults;
  if (story.request && response) {
    const again = await sendUntilFinal(story.request);
    if (again?.text !== response.text) {
      faults.push(`responses differ: ${response.text} ${again?.text}`);
    }
  }
  faults.push(...(await payPending(sandbox, story)), ...(await passTime(sandbox)));
  // A hold without an order is released long before it would expire, without anything being done.
  const left = await checkUntilRecovered(async () => {
    const ledger = await checkLedger(sandbox, story);
    const pending = ledger.orders.filter(({ status }) => status === 'PENDING');
    return [
      ...ledger.faults,
      ...pending.map(({ id }) => `order ${id} is pending`),
      ...(ledger.orphanedHolds > 0 ? ['a hold is left'] : []),
    ];
  }, FREE_STOCK_MS);
  return [...faults, ...left];
};

/**
 * Runs a scenario once.
 * @param options.target the boundary at which a service is killed; null only records boundaries
 * @param options.retries whether a client without a response repeats its request with the same key
 */
export const runScenario = async (
  sandbox: Sandbox,
  scenario: Scenario,
  options: { readonly target: Target | null; readonly retries: boolean },
): Promise<Run> => {
  const { injector } = sandbox;
  const story = await scenario.begin(sandbox);
  const { request } = story;
  if (story.waitsForWork) await passTime(sandbox);
  await deliverEvents(sandbox);
  injector.arm(options.target);
  await story.elapse?.();
  let response = request && (await sendOnce(request));
  const faults: string[] = [];
  const isKilled = () => injector.victim() !== null;
  const isAwaited = async () =>
    request === null && story.judge(await checkLedger(sandbox, story), true) !== null;
  if (!isKilled()) faults.push(...(await passTime(sandbox, isKilled, isAwaited)));
  injector.disarm();
  const boundaries = injector.seen();
  const isReached = isKilled();

  let downMs = 0;
  let recoveryMs = 0;
  if (isReached) {
    const repeated = request && !response && options.retries ? sendUntilFinal(request) : null;
    await sandbox.ready();
    const readyAt = Date.now();
    downMs = readyAt - (injector.victim()?.at ?? readyAt);
    faults.push(...(await recover(sandbox, story, request === null || response !== null)));
    recoveryMs = Date.now() - readyAt;
    if (repeated) {
      response = await repeated;
      if (!response) faults.push('the client never got a response');
      faults.push(...(await recover(sandbox, story, true)));
    }
  } else if (request && !response) faults.push('no response, though no service was killed');
  const result = response && resultOf(response);
  if (result && story.accepts?.(result) === false) faults.push(`response: ${response?.text}`);
  faults.push(...(await finish(sandbox, story, response)));
  await removeDeadWork(sandbox);
  return { boundaries, isReached, faults, downMs, recoveryMs };
};
