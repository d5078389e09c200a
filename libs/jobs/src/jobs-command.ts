import {
  CommandFailure,
  EXIT,
  makeProgram,
  readShopEnvironment,
  runProgram,
} from '@cartograph/command';
import { parseEnv, postgresUrl } from '@cartograph/config';
import { listDeadRows, retryDeadRows, type DeadRow } from '@cartograph/due';
import { Client, DatabaseError } from 'pg';
import { z } from 'zod';
import {
  listDeadLetteredJobs,
  retryDeadLetteredJobs,
  type DeadLetteredJob,
} from './dead-lettered-jobs.ts';

const firstLine = (error: string | null): string =>
  error?.split('\n', 1)[0] ?? 'no error was stored';

/** A dead-lettered job as one line for people. */
export const describeJob = ({ id, name, payload, createdAt, lastError }: DeadLetteredJob): string =>
  `  ${id} ${name} ${JSON.stringify(payload)} since ${createdAt.toISOString()}: ${firstLine(lastError)}`;

/** A dead row as one line for people. */
export const describeRow = ({ table, id, since, lastError }: DeadRow): string =>
  `  ${table} ${id} since ${since.toISOString()}: ${firstLine(lastError)}`;

/** `1 job is`, `2 jobs are`. */
export const count = (many: number, noun: string): string =>
  many === 1 ? `1 ${noun} is` : `${many} ${noun}s are`;

type Action = (service: string, client: Client) => Promise<void>;

const list: Action = async (service, client) => {
  const jobs = await listDeadLetteredJobs(client);
  console.log(`${service}: ${count(jobs.length, 'job')} out of attempts.`);
  for (const job of jobs) console.log(describeJob(job));
  const rows = await listDeadRows(client);
  console.log(`${service}: ${count(rows.length, 'row')} dead.`);
  for (const row of rows) console.log(describeRow(row));
};

const retry: Action = async (service, client) => {
  console.log(`${service}: ${count(await retryDeadLetteredJobs(client), 'job')} tried again.`);
  console.log(`${service}: ${count(await retryDeadRows(client), 'row')} tried again.`);
};

/**
 * The service's database: as it was given, or that of the shop on this machine.
 * @throws CommandFailure when it can't be reached, or no address was given and no shop ever ran
 */
const connect = async (service: string, environment: NodeJS.ProcessEnv): Promise<Client> => {
  const variable = `${service.toUpperCase()}_DATABASE_URL`;
  // The operator chooses the database: a command serves no requests.
  const env = { NODE_ENV: 'development', ...readShopEnvironment(variable, environment) };
  const connectionString = parseEnv(z.object({ [variable]: postgresUrl() }), env)[variable] ?? '';
  const client = new Client({ connectionString, connectionTimeoutMillis: 5_000 });
  await client.connect().catch(async (cause: unknown) => {
    await client.end();
    const reason = cause instanceof DatabaseError ? `: ${cause.message}` : '. Is the shop running?';
    throw new CommandFailure(EXIT.failed, `The ${service} database can not be reached${reason}`, {
      cause,
    });
  });
  return client;
};

/**
 * Runs the command `list|retry` on the dead-lettered jobs and the dead rows of a service.
 * @returns the exit code
 */
export const runJobsCommand = (service: string, { argv, env }: NodeJS.Process): Promise<number> => {
  const program = makeProgram(
    `node apps/${service}/src/commands/jobs.ts`,
    `Dead-lettered jobs and dead rows of the ${service} service.`,
  );
  const addVerb = (verb: string, description: string, act: Action): void => {
    program
      .command(verb)
      .description(description)
      .action(async () => {
        const client = await connect(service, env);
        try {
          await act(service, client);
        } finally {
          await client.end();
        }
      });
  };
  addVerb('list', 'shows them, and why they failed', list);
  addVerb('retry', 'lets the service try all of them again', retry);
  return runProgram(program, argv.slice(2));
};
