import { setTimeout as sleep } from 'node:timers/promises';
import { makeRequests } from '../overload/requests.ts';
import { runClosedLoop } from '../production/closed-loop.ts';
import { withProductionShop } from '../production/open-production-shop.ts';
import { cpuBetween, readCpu } from '../production/process-cpu.ts';
import { makeShopClient } from '../production/shop-client.ts';

/** One slot, and no place to wait. */
const ONE_SLOT = {
  ADMISSION_MIN_CONCURRENT: '1',
  ADMISSION_MAX_CONCURRENT: '1',
  ADMISSION_MAX_WAIT_MS: '0',
};

/** Requests that hang: one without a slot, since it has stalled, one with it, and those that take its place. */
const HANGING = 4;
const RETRY_MS = 20;
/** After this time the first has stalled, and the next has its slot. */
const STALLED_MS = 1_500;

/** Measures what a router pays for a page that it rejects for overload, while the product service hangs. */
export const measureRejections = (options: {
  readonly clients: number;
  readonly seconds: number;
}): Promise<{ readonly count: number; readonly each: number }> =>
  withProductionShop({ env: ONE_SLOT }, async (shop) => {
    const client = makeShopClient(shop, options.clients + HANGING);
    const { page } = makeRequests(client, []);
    const { router, product } = shop.pids;
    let isOver = false;
    const hang = async (): Promise<void> => {
      while (!isOver) {
        const { status } = await page();
        if (status === 503) await sleep(RETRY_MS);
      }
    };
    process.kill(product, 'SIGSTOP');
    const hanging = Array.from({ length: HANGING }, hang);
    try {
      await sleep(STALLED_MS);
      let rejected = 0;
      const work = async (): Promise<void> => {
        const { status } = await page();
        if (status === 503) rejected += 1;
      };
      await runClosedLoop({ ...options, operations: 1, work });
      rejected = 0;
      const before = readCpu(shop, { router });
      await runClosedLoop({ ...options, operations: 1, work });
      const { router: ms = 0 } = cpuBetween(before, readCpu(shop, { router }));
      return { count: rejected, each: ms / rejected };
    } finally {
      isOver = true;
      process.kill(product, 'SIGCONT');
      await Promise.all(hanging);
      await client.close();
    }
  });
