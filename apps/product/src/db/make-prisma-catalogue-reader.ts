import type { ReportFault } from '@cartograph/validation';
import type { CatalogueReader } from '../domain/catalogue-books.ts';
import type { Database } from './make-database.ts';
import { makeProductReader } from './to-product.ts';

const PAGE = 1_000;

/**
 * Reads the catalogue in pages of the order of arrival: as much memory as one page needs.
 * @param report receives the rows that can't be shown; they are left out
 */
export const makePrismaCatalogueReader = (
  database: Database,
  report: ReportFault,
): CatalogueReader => ({
  readProducts: async function* () {
    const readProduct = makeProductReader(report);
    let position = -1n;
    for (;;) {
      const rows = await database.product.findMany({
        where: { archivedAt: null, position: { gt: position } },
        orderBy: { position: 'asc' },
        take: PAGE,
      });
      if (rows.length > 0) yield rows.map(readProduct).filter((product) => product !== null);
      const last = rows.at(-1);
      if (!last || rows.length < PAGE) return;
      position = last.position;
    }
  },
});
