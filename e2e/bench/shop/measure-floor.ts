import { type Floor, openFloor } from '../floor/open-floor.ts';
import { buy, chooseBasket } from '../production/buy.ts';
import { runClosedLoop } from '../production/closed-loop.ts';
import type { ProductionShop } from '../production/open-production-shop.ts';
import type { Figures } from './figures.ts';
import { type IdleRates, type Measuring, measureOperation } from './measure-operation.ts';
import type { Operation, Shoppers } from './operations.ts';

/** The operations that have a floor; its row is called `floor: <name>`. */
const FLOORS = ['page', 'purchase'] as const;

type FloorName = (typeof FLOORS)[number];

export const floorOf = (name: string): string => `floor: ${name}`;

const operationOf = (floor: Floor, name: FloorName): Operation => ({
  name: floorOf(name),
  // It is no process of the shop, whose calls are counted.
  requests: 0,
  entry: 'router',
  hasBackgroundWork: false,
  send: () => floor[name](),
});

/** Makes a purchase that the floor repeats; it must be over before. @returns the order's id */
export const buySample = ({ client, buyers: [buyer], products }: Shoppers): Promise<string> => {
  if (!buyer) throw new Error('there are no customers');
  return buy(client, buyer, chooseBasket(products));
};

/** Measures the floor of those operations that have one. */
export const measureFloors = async (
  shop: ProductionShop,
  names: readonly string[],
  sampleOrderId: string,
  options: Measuring & { readonly warmUp: number; readonly idle: IdleRates },
): Promise<readonly Figures[]> => {
  const { clients, operations, warmUp } = options;
  const chosen = FLOORS.filter((name) => names.includes(name));
  if (chosen.length === 0) return [];
  const floor = await openFloor(shop, sampleOrderId, clients);
  try {
    const rows: Figures[] = [];
    for (const name of chosen) {
      const operation = operationOf(floor, name);
      await runClosedLoop({ clients, operations, seconds: warmUp, work: operation.send });
      rows.push(
        await measureOperation(shop, operation, { ...options, more: { floor: floor.pid } }),
      );
    }
    return rows;
  } finally {
    await floor.close();
  }
};
