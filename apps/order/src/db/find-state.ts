import type { OrderState } from '../domain/next-step.ts';
import { Prisma } from './generated/client.ts';
import type { Database } from './make-database.ts';
import { STATE_COLUMNS, toOrderState, type OrderStateRow } from './order-state.ts';

/** Reads an order with its work; null when there is none. */
export const findState = async (database: Database, id: string): Promise<OrderState | null> => {
  const [row] = await database.run<OrderStateRow>(Prisma.sql`/* order.find */
    SELECT ${STATE_COLUMNS} FROM orders o WHERE o.id = ${id}::uuid`);
  return row ? toOrderState(row) : null;
};
