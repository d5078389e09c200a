import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer, Result } from '../world/client.ts';
import type { World } from '../world/open-world.ts';
import { PAY_ORDER } from '../world/operations.ts';
import type { Target } from '../world/trap.ts';
import { readBooks } from './books.ts';
import type { Scenario, Story } from './stories.ts';
import { buryDeadJobs, endHoldClaims, findLateJobs, passTime, settleEvents } from './time.ts';

/** How one run ended. */
export type Run = {
  readonly boundaries: readonly string[];
  /** False when the boundary did not come by. */
  readonly isReached: boolean;
  readonly faults: readonly string[];
  /** How long the victim took to serve again. */
  readonly downMs: number;
  /** From then until all was as it should be, without any help. */
  readonly recoveryMs: number;
};

/** From when the victim can serve again. */
const RECOVERY_MS = 30_000;

/** A key whose request was cut off is free again after 30 s; a slow machine starts as slowly. */
const CLIENT_PATIENCE_MS = 120_000;

const LOOK_MS = 400;

const resultOf = ({ data }: Answer): Result | null => Object.values(data ?? {})[0] ?? null;

/** An answer that a client does not ask again after; null when it has to. */
const finalAnswer = async (ask: () => Promise<Answer>): Promise<Answer | null> => {
  const answer = await ask().catch(() => null);
  const result = answer && resultOf(answer);
  if (!result || answer.errors.length > 0) return null;
  return result.__typename === 'RequestInFlightProblem' ? null : answer;
};

const insist = async (ask: () => Promise<Answer>): Promise<Answer | null> => {
  const deadline = Date.now() + CLIENT_PATIENCE_MS;
  for (;;) {
    const answer = await finalAnswer(ask);
    if (answer || Date.now() > deadline) return answer;
    await sleep(500);
  }
};

/** What is wrong just now. */
const findFaults = async (world: World, story: Story, isAnswered: boolean) => {
  const books = await readBooks(world, story);
  const verdict = story.judge(books, isAnswered);
  return [...books.faults, ...(verdict ? [verdict] : []), ...(await findLateJobs(world))];
};

/** Looks until nothing is wrong, or the time is over. @returns what is wrong then */
const converge = async (world: World, story: Story, isAnswered: boolean): Promise<string[]> => {
  const deadline = Date.now() + RECOVERY_MS;
  for (;;) {
    const faults = await findFaults(world, story, isAnswered);
    if (faults.length === 0 || Date.now() > deadline) {
      return faults.map((fault) => `not within ${RECOVERY_MS / 1_000} s: ${fault}`);
    }
    await sleep(LOOK_MS);
  }
};

const findOpenTransactions = async (world: World): Promise<string[]> => {
  const rows = await world.databases.order.query<{ name: string }>(
    `SELECT datname AS name FROM pg_stat_activity WHERE datname LIKE '%\\_' || $1
     AND state LIKE 'idle in transaction%' AND state_change < now() - interval '5 seconds'`,
    [world.name],
  );
  return rows.map(({ name }) => `a transaction was left open in ${name}`);
};

/** Pays what can still be paid: an order that waits has to be good for that. */
const payPending = async (world: World, story: Story): Promise<string[]> => {
  const { authorization, isHoldGone } = story;
  const { orders } = await readBooks(world, story);
  for (const { id: orderId } of orders.filter(({ status }) => status === 'PENDING')) {
    const input = { orderId, idempotencyKey: randomUUID() };
    const answer = await insist(() => world.send('order', PAY_ORDER, { input }, { authorization }));
    const result = answer && resultOf(answer);
    const isRefused = isHoldGone && result?.__typename === 'OrderNotPendingProblem';
    if (result?.status !== 'CONFIRMED' && !isRefused)
      return [`can't be paid any more: ${answer?.text}`];
  }
  return [];
};

/** Once all has recovered: the rest of the work is done, and changes nothing. */
const finish = async (
  world: World,
  story: Story,
  answer: Answer | null,
): Promise<readonly string[]> => {
  const isAnswered = story.ask === null || answer !== null;
  const faults = [
    ...(await passTime(world)),
    ...(await findFaults(world, story, isAnswered)).map((fault) => `not at all: ${fault}`),
    ...(await findOpenTransactions(world)),
  ];
  if (faults.length > 0) return faults;
  if (story.ask && answer) {
    const again = await insist(story.ask);
    if (again?.text !== answer.text) faults.push(`answers differ: ${answer.text} ${again?.text}`);
  }
  faults.push(...(await payPending(world, story)), ...(await passTime(world)));
  // A hold without an order goes back to stock by itself, long before it would expire.
  await endHoldClaims(world);
  const deadline = Date.now() + RECOVERY_MS;
  for (;;) {
    const books = await readBooks(world, story);
    const waits = books.orders.filter(({ status }) => status === 'PENDING').map(({ id }) => id);
    const left = [...books.faults, ...waits, ...(books.orphans > 0 ? ['a hold is left'] : [])];
    if (left.length === 0) return faults;
    if (Date.now() > deadline) return [...faults, ...left];
    await sleep(LOOK_MS);
  }
};

/**
 * Lives through a scenario once.
 * @param options.target the boundary at which somebody is killed; null writes the boundaries down
 * @param options.isPatient whether a client whose answer got lost asks again, with the same key
 */
export const runStory = async (
  world: World,
  scenario: Scenario,
  options: { readonly target: Target | null; readonly isPatient: boolean },
): Promise<Run> => {
  const { trap } = world;
  const story = await scenario.begin(world);
  if (scenario.waitsForWork) await passTime(world);
  await settleEvents(world);
  trap.set(options.target);
  await story.elapse?.();
  let answer = story.ask && (await finalAnswer(story.ask));
  const faults: string[] = [];
  const isKilled = () => trap.victim() !== null;
  const isAwaited = async () =>
    story.ask === null && story.judge(await readBooks(world, story), true) !== null;
  if (!isKilled()) faults.push(...(await passTime(world, isKilled, isAwaited)));
  trap.lift();
  const boundaries = trap.seen();
  const isReached = isKilled();

  let downMs = 0;
  let recoveryMs = 0;
  if (isReached) {
    const { ask } = story;
    const asking = ask && !answer && options.isPatient ? insist(ask) : null;
    await world.ready();
    const backAt = Date.now();
    downMs = backAt - (trap.victim()?.at ?? backAt);
    faults.push(...(await converge(world, story, story.ask === null || answer !== null)));
    recoveryMs = Date.now() - backAt;
    if (asking) {
      answer = await asking;
      if (!answer) faults.push('the client never got an answer');
      faults.push(...(await converge(world, story, true)));
    }
  } else if (story.ask && !answer) faults.push('there was no answer, though nobody was killed');
  const result = answer && resultOf(answer);
  if (result && story.accepts?.(result) === false) faults.push(`answered ${answer?.text}`);
  faults.push(...(await finish(world, story, answer)));
  await buryDeadJobs(world);
  return { boundaries, isReached, faults, downMs, recoveryMs };
};
