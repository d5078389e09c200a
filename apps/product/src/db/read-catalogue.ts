import type { ReportFault } from '@cartograph/validation';
import type { Product } from '../domain/product.ts';
import type { Database } from './make-database.ts';
import { makeProductReader } from './rows.ts';

const PAGE_SIZE = 1_000;

/**
 * Reads all products that are not archived, in the order of arrival, one page in memory at a time.
 * @param report receives the rows that can't be displayed; they are left out
 */
export async function* readCatalogue(
  database: Database,
  report: ReportFault,
): AsyncGenerator<readonly Product[]> {
  const readProduct = makeProductReader(report);
  let position = -1n;
  for (;;) {
    const rows = await database.product.findMany({
      where: { archivedAt: null, position: { gt: position } },
      orderBy: { position: 'asc' },
      take: PAGE_SIZE,
    });
    if (rows.length > 0) yield rows.map(readProduct).filter((product) => product !== null);
    const last = rows.at(-1);
    if (!last || rows.length < PAGE_SIZE) return;
    position = last.position;
  }
}
