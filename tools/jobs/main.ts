/**
 * `npm run jobs -- list|retry [SERVICE]`: durable work, and events, that failed until their retry
 * window ended. `list` shows them, `retry` lets the service try all of them again.
 */
import { CommandFailure, EXIT, makeProgram, runProgram } from '@cartograph/command';
import { listDeadLetteredEvents, retryDeadLetteredEvents } from '@cartograph/events';
import { listDeadLetteredJobs, retryDeadLetteredJobs } from '@cartograph/jobs';
import { Argument } from 'commander';
import { Client } from 'pg';
import { count, describeDeadLetteredEvent, describeDeadLetteredJob } from './describe.ts';
import { findDatabase, SERVICES, type Service } from './find-database.ts';

type Work = (service: Service, client: Client) => Promise<void>;

const list: Work = async (service, client) => {
  const jobs = await listDeadLetteredJobs(client);
  console.log(`${service}: ${count(jobs.length, 'job')} out of attempts.`);
  for (const job of jobs) console.log(describeDeadLetteredJob(job));
  const events = await listDeadLetteredEvents(client);
  if (events.length > 0) console.log(`${service}: ${count(events.length, 'event')} given up.`);
  for (const event of events) console.log(describeDeadLetteredEvent(event));
};

const retry: Work = async (service, client) => {
  console.log(`${service}: ${count(await retryDeadLetteredJobs(client), 'job')} tried again.`);
  const events = await retryDeadLetteredEvents(client);
  if (events > 0) console.log(`${service}: ${count(events, 'event')} consumed again.`);
};

const withDatabase = async (service: Service, work: Work): Promise<void> => {
  const connectionString = findDatabase(service);
  const client = new Client({ connectionString, connectionTimeoutMillis: 5_000 });
  try {
    await client.connect().catch((cause: unknown) => {
      throw new CommandFailure(
        EXIT.failed,
        `The ${service} database can not be reached. Is the shop running?`,
        { cause },
      );
    });
    await work(service, client);
  } finally {
    await client.end();
  }
};

const program = makeProgram('npm run jobs --', 'Durable work that is out of attempts.');

const addVerb = (verb: string, description: string, work: Work): void => {
  program
    .command(verb)
    .description(description)
    .addArgument(new Argument('[service]', 'all of them, if not given').choices(SERVICES))
    .action(async (name: Service | undefined) => {
      for (const service of name === undefined ? SERVICES : [name]) {
        await withDatabase(service, work);
      }
    });
};

addVerb('list', 'shows it, and why it failed', list);
addVerb('retry', 'lets the service try all of it again', retry);

process.exitCode = await runProgram(program, process.argv.slice(2));
