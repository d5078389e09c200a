/**
 * `npm test`: Vitest, with what it needs made first. Arguments go to Vitest: `npm test -- apps/order`,
 * `npm test -- --project unit`.
 */
import { runTests } from './run-tests.ts';

process.exitCode = await runTests(process.argv.slice(2));
