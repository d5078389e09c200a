/** `npm run generate:prisma`: the Prisma clients, where they are stale. */
import { makeProgram, runProgram } from '@cartograph/command';
import { ensureGenerated } from './prisma.ts';

const program = makeProgram('npm run generate:prisma', 'Generates Prisma clients that are stale.');
program.action(ensureGenerated);

process.exitCode = await runProgram(program, process.argv.slice(2));
