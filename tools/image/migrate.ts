/** `migrate [services...]`: applies pending migrations to the databases of the *_DATABASE_URLs. */
import { makeProgram, runProgram } from '@cartograph/command';
import { addDeploy } from '../migrate/deploy.ts';

const program = addDeploy(makeProgram('migrate', 'Migrates the databases of the services.'));

process.exitCode = await runProgram(program, process.argv.slice(2));
