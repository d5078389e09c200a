/** `npm run catalogue:import | catalogue:export | catalogue:generate | catalogue:check`. */
import { runProgram } from '@cartograph/command';
import { makeCatalogueProgram } from './catalogue-program.ts';

process.exitCode = await runProgram(makeCatalogueProgram(), process.argv.slice(2));
