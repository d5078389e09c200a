import { runClosedLoop } from '../production/closed-loop.ts';
import type { ProductionShop } from '../production/open-production-shop.ts';
import type { Figures } from '../shop/figures.ts';
import { type IdleRates, type Measuring, measureOperation } from '../shop/measure-operation.ts';
import { makePages, type Operation } from '../shop/operations.ts';
import { openHive } from './open-hive.ts';

/** The row of Hive Gateway for an operation of the shop. */
export const hiveOf = (name: string): string => `Hive: ${name}`;

/** Sends those of the pages that were chosen through Hive Gateway, in front of the same subgraphs. */
export const measureHive = async (
  shop: ProductionShop,
  names: readonly string[],
  options: Measuring & {
    readonly secret: string;
    readonly warmUp: number;
    readonly idle: IdleRates;
  },
): Promise<readonly Figures[]> => {
  const { clients, operations, warmUp, secret } = options;
  const hive = await openHive(shop, secret, clients);
  try {
    const rows: Figures[] = [];
    for (const { name, send } of makePages(hive.graph)) {
      if (!names.includes(name)) continue;
      const operation: Operation = {
        name: hiveOf(name),
        // It is no process of the shop, whose calls are counted.
        requests: 0,
        entry: 'router',
        hasBackgroundWork: false,
        send,
      };
      await runClosedLoop({ clients, operations, seconds: warmUp, work: send });
      rows.push(await measureOperation(shop, operation, { ...options, more: { hive: hive.pid } }));
    }
    return rows;
  } finally {
    await hive.close();
  }
};
