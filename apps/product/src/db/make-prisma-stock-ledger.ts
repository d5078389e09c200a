import { cutPage } from '@cartograph/pagination';
import { findDateFault, type ReportFault } from '@cartograph/validation';
import type { StockLedger } from '../domain/stock-ledger.ts';
import type { Database } from './make-database.ts';

/**
 * Reads the stock ledger from the product database.
 * @param report receives the movements that can't be displayed
 */
export const makePrismaStockLedger = (database: Database, report: ReportFault): StockLedger => ({
  listMovements: async ({ productId, orderId }, { direction, size, from }) => {
    const isForward = direction === 'FORWARD';
    const next = from !== null && { id: isForward ? { lt: BigInt(from) } : { gt: BigInt(from) } };
    const rows = await database.stockMovement.findMany({
      where: {
        ...(productId !== undefined && { productId }),
        ...(orderId !== undefined && { orderId }),
        ...next,
      },
      orderBy: { id: isForward ? 'desc' : 'asc' },
      take: size + 1,
    });
    return cutPage(
      rows.map(({ id, createdAt: at, ...row }) => {
        const movement = { ...row, id: String(id), at };
        const fault = findDateFault([at]);
        if (fault !== null) report({ table: 'stock_movements', id: movement.id, fault });
        return { id: movement.id, movement: fault === null ? movement : null };
      }),
      size,
    );
  },
});
