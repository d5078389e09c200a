import { EXIT, type Command } from '@cartograph/command';
import { makePrismaCatalogueAuditor } from '../db/make-prisma-catalogue-auditor.ts';
import type { Audit } from '../domain/catalogue-audit.ts';
import { readCatalogueSettings, withProductDatabase } from './product-database.ts';

/** The result of an audit: one line for each fault. */
const describeAudit = (audit: Audit): readonly string[] => {
  const faults = [
    ...audit.imbalances.map(
      ({ sku, stock, ledgerStock, held, ledgerHeld }) =>
        `${sku}: stock ${stock}, ledger ${ledgerStock}; held ${held}, ledger ${ledgerHeld}`,
    ),
    ...audit.miscounts.map(
      ({ category, counted, stated }) => `${category}: ${counted} products, stated ${stated}`,
    ),
  ];
  const hidden = audit.hidden.map(({ id, sku, fault }) => `${sku} (${id}): is hidden, ${fault}`);
  const size = `${audit.products} products, ${audit.movements} movements`;
  const result = faults.length === 0 ? 'the ledger balances' : `${faults.length} do not balance`;
  return [...hidden, ...faults, `${size}: ${result}`];
};

/** `npm run catalogue:check` */
export const addCheck = (program: Command): void => {
  program
    .command('check')
    .description('Compare stock with its ledger, and categories with their counts.')
    .action(() =>
      withProductDatabase(readCatalogueSettings().databaseUrl, async (database) => {
        const audit = await makePrismaCatalogueAuditor(database).audit();
        for (const line of describeAudit(audit)) console.log(line);
        const { imbalances, miscounts, hidden } = audit;
        const isCorrect = imbalances.length + miscounts.length + hidden.length === 0;
        process.exitCode = isCorrect ? EXIT.done : EXIT.failed;
      }),
    );
};
