import fs from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Outcome } from '../../proofs/proof.ts';
import { median, toTable } from '../measure.ts';
import { runClosedLoop } from '../production/closed-loop.ts';
import { addProducts, registerCustomers } from '../production/customers.ts';
import { type ProductionShop, withProductionShop } from '../production/open-production-shop.ts';
import { makeShopClient } from '../production/shop-client.ts';
import { checkResultFile } from '../result-file.ts';
import { costOfRejection, type CpuRate, rateCpu, tableOfCpu } from './cpu-rate.ts';
import { makeRequests, type Requests } from './requests.ts';
import { runOpenLoop } from './open-loop.ts';
import { judgeOverload, summarize, type Summary, type Verdict } from './summary.ts';

/** The options of the command line. */
export type OverloadOptions = {
  readonly seconds: number;
  readonly clients: number;
  readonly json?: string;
};

const PRODUCTS = 100;
const ACCOUNTS = 64;

const PAGE_FACTOR = 2;
const SIGN_IN_FACTOR = 3;
/** The part of its capacity at which the shop is browsed during an overload of sign-in. */
const BROWSING_PART = 0.25;
const BROWSING_P99_MS = 200;

const RECOVERY_MS = 5_000;
const PROBE_EVERY_MS = 100;
/** A lone request is fast again when it takes no longer than this many times as long as before. */
const FAST_FACTOR = 3;
const FAST_MS = 50;

/** Connections of the open loop: more than requests are ever in progress. */
const CONNECTIONS = 4_000;

type Step = {
  readonly name: string;
  readonly peak: number | null;
  readonly summary: Summary;
};

type Peak = { readonly perSecond: number; readonly cpu: CpuRate };

/** Requests one page at a time. @returns milliseconds of one */
const timePage = async ({ page }: Requests): Promise<number> => {
  const startedAt = performance.now();
  const { status } = await page();
  return status === 200 ? performance.now() - startedAt : Infinity;
};

const timeLonePages = async (requests: Requests): Promise<number> => {
  const times: number[] = [];
  for (let count = 0; count < 20; count += 1) times.push(await timePage(requests));
  return median(times);
};

/** @returns milliseconds until a lone request is fast; Infinity when it takes too long */
const timeRecovery = async (requests: Requests, loneMs: number): Promise<number> => {
  const startedAt = performance.now();
  const since = (): number => performance.now() - startedAt;
  while (since() <= 2 * RECOVERY_MS) {
    if ((await timePage(requests)) <= Math.max(FAST_MS, FAST_FACTOR * loneMs)) return since();
    await sleep(PROBE_EVERY_MS);
  }
  return Infinity;
};

const measure = async (
  shop: ProductionShop,
  requests: Requests,
  { seconds, clients }: OverloadOptions,
) => {
  const peakOf = async (send: Requests['page']): Promise<Peak> => {
    const options = { clients, operations: 0, work: send };
    await runClosedLoop({ ...options, seconds: Math.ceil(seconds / 2) });
    const { result, cpu } = await rateCpu(shop, () => runClosedLoop({ ...options, seconds }));
    return { perSecond: result.latencies.length / result.seconds, cpu };
  };
  const offer = (send: Requests['page'], perSecond: number, length = seconds) =>
    runOpenLoop({ perSecond, seconds: length, send });
  const recovery = async (name: string): Promise<Verdict> => {
    const ms = await timeRecovery(requests, loneMs);
    return {
      sentence: `${name}: a lone page is fast again after ${ms.toFixed(0)} ms (<= 5000)`,
      held: ms <= RECOVERY_MS,
    };
  };

  // What rejects is compiled then, as what answers is.
  const { perSecond: roughly } = await peakOf(requests.page);
  await offer(requests.page, PAGE_FACTOR * roughly);
  const pagePeak = await peakOf(requests.page);
  await sleep(1_000);
  const loneMs = await timeLonePages(requests);
  const offered = await rateCpu(shop, () => offer(requests.page, PAGE_FACTOR * pagePeak.perSecond));
  const pages = summarize(offered.result, seconds);
  const afterPages = await recovery('page');

  const browse = () => offer(requests.page, BROWSING_PART * pagePeak.perSecond, 2 * seconds);
  // The capacity that sign-in has beside those who browse.
  const browsingAlongside = browse();
  const signInPeak = await peakOf(requests.signIn);
  await browsingAlongside;
  const [browsing, signIns] = await Promise.all([
    offer(requests.page, BROWSING_PART * pagePeak.perSecond),
    offer(requests.signIn, SIGN_IN_FACTOR * signInPeak.perSecond),
  ]);
  const afterSignIns = await recovery('sign-in');

  const [browsed, signedIn] = [summarize(browsing, seconds), summarize(signIns, seconds)];
  const steps: Step[] = [
    { name: `page, ${PAGE_FACTOR} times its peak`, peak: pagePeak.perSecond, summary: pages },
    {
      name: `sign-in, ${SIGN_IN_FACTOR} times its peak`,
      peak: signInPeak.perSecond,
      summary: signedIn,
    },
    { name: 'page meanwhile', peak: null, summary: browsed },
  ];
  const verdicts: Verdict[] = [
    ...judgeOverload('page', pagePeak.perSecond, pages),
    afterPages,
    ...judgeOverload('sign-in', signInPeak.perSecond, signedIn),
    {
      sentence: `browsing meanwhile: p99 ${browsed.p99Ms.toFixed(0)} ms (< ${BROWSING_P99_MS})`,
      held: browsed.p99Ms < BROWSING_P99_MS && browsed.rejected + browsed.failed === 0,
    },
    afterSignIns,
  ];
  const answered = (pages.inTimePerSecond * seconds + pages.late) / seconds;
  const load = { answered, rejected: pages.rejected / seconds, cpu: offered.cpu };
  const { responseMs, rejectionMs } = costOfRejection(pagePeak, load);
  const cpu = [
    tableOfCpu([
      ['page, at its peak', pagePeak.cpu],
      [`page, ${PAGE_FACTOR} times its peak`, offered.cpu],
    ]),
    `A page costs the router ${responseMs.toFixed(2)} ms of CPU at the peak, and a rejection ${rejectionMs.toFixed(2)} ms.`,
  ].join('\n');
  return { steps, verdicts, cpu };
};

const tableOf = (steps: readonly Step[]): string =>
  toTable([
    [
      ...['', 'peak per s', 'offered', 'in 1 s', 'late', '503', 'failed', 'resets', 'p50 ms'],
      ...['p99 ms', '503 p99 ms'],
    ],
    ...steps.map(({ name, peak, summary }) => [
      name,
      peak?.toFixed(1) ?? '',
      summary.offeredPerSecond.toFixed(1),
      summary.inTimePerSecond.toFixed(1),
      ...[summary.late, summary.rejected, summary.failed, summary.resets].map(String),
      summary.p50Ms.toFixed(0),
      summary.p99Ms.toFixed(0),
      summary.rejected > 0 ? summary.rejectedP99Ms.toFixed(0) : '',
    ]),
  ]);

/**
 * Offers pages and sign-ins at a multiple of what the shop can do, at a fixed rate.
 * @returns what became of them; it held when nearly as much is answered as at the peak
 */
export const benchOverload = async (options: OverloadOptions): Promise<Outcome> => {
  // Before the measurement, which takes minutes.
  if (options.json) checkResultFile(options.json);
  return withProductionShop({}, async (shop) => {
    const client = makeShopClient(shop, CONNECTIONS);
    try {
      await addProducts(shop, client, PRODUCTS);
      const accounts = await registerCustomers(client, ACCOUNTS);
      const { steps, verdicts, cpu } = await measure(shop, makeRequests(client, accounts), options);
      if (options.json) {
        fs.writeFileSync(options.json, `${JSON.stringify({ steps, verdicts }, null, 2)}\n`);
      }
      const lines = verdicts.map(
        ({ sentence, held }) => `${held ? 'held:  ' : 'BROKEN:'} ${sentence}`,
      );
      const held = verdicts.every((verdict) => verdict.held);
      return { held, report: `${tableOf(steps)}\n\n${cpu}\n\n${lines.join('\n')}` };
    } finally {
      await client.close();
    }
  });
};
