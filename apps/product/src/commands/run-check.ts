import { parseArgs } from 'node:util';
import { makePrismaCatalogueAuditor } from '../db/make-prisma-catalogue-auditor.ts';
import type { Audit } from '../domain/catalogue-audit.ts';
import { EXIT, readWords } from './command-failure.ts';
import { readCatalogueSettings, withProductDatabase } from './product-database.ts';

const USAGE = 'Usage: npm run catalogue:check';

/** What an audit found, for people: one line a fault. */
export const describeAudit = (audit: Audit): readonly string[] => {
  const faults = [
    ...audit.imbalances.map(
      ({ sku, stock, ledgerStock, held, ledgerHeld }) =>
        `${sku}: stock ${stock}, ledger ${ledgerStock}; held ${held}, ledger ${ledgerHeld}`,
    ),
    ...audit.miscounts.map(
      ({ category, counted, stated }) => `${category}: ${counted} products, stated ${stated}`,
    ),
  ];
  const hidden = audit.hidden.map(({ id, sku, fault }) => `${sku} (${id}): is not shown, ${fault}`);
  const size = `${audit.products} products, ${audit.movements} movements`;
  const end = faults.length === 0 ? 'the books balance' : `${faults.length} do not balance`;
  return [...hidden, ...faults, `${size}: ${end}`];
};

/** `npm run catalogue:check`: compares stock and shelves with their books. @returns the exit code */
export const run = async (args: readonly string[]): Promise<number> => {
  readWords(USAGE, args, (words) => parseArgs({ args: words, options: {} }));
  return withProductDatabase(readCatalogueSettings().databaseUrl, async (database) => {
    const audit = await makePrismaCatalogueAuditor(database).audit();
    for (const line of describeAudit(audit)) console.log(line);
    const { imbalances, miscounts, hidden } = audit;
    const isRight = imbalances.length + miscounts.length + hidden.length === 0;
    return isRight ? EXIT.done : EXIT.incomplete;
  });
};
