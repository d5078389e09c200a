/**
 * `npm test`: Jest, with what it needs made first. Arguments go to Jest: `npm test -- apps/order`,
 * `npm test -- --selectProjects unit`.
 */
import { runJest } from './run-jest.ts';

process.exitCode = await runJest(process.argv.slice(2));
