/**
 * `npm run jobs -- list|retry [SERVICE]`: durable work, and events, that failed until the patience
 * ended. `list` shows them, `retry` lets the service try all of them again.
 */
import { parseArgs } from 'node:util';
import { ConfigError } from '@cartograph/config';
import { listDeadEvents, retryDeadEvents } from '@cartograph/events';
import { listDeadJobs, retryDeadJobs } from '@cartograph/jobs';
import { Client } from 'pg';
import { count, describeDeadEvent, describeDeadJob } from './describe.ts';
import { findDatabase, Refusal, SERVICES, type Service } from './find-database.ts';

const USAGE = `Usage: npm run jobs -- list|retry [${SERVICES.join('|')}]`;

const readWords = (): { verb: 'list' | 'retry'; services: readonly Service[] } => {
  const [verb, name, ...rest] = parseArgs({ allowPositionals: true }).positionals;
  const services = name === undefined ? SERVICES : SERVICES.filter((service) => service === name);
  if ((verb !== 'list' && verb !== 'retry') || services.length === 0 || rest.length > 0) {
    throw new Refusal(USAGE);
  }
  return { verb, services };
};

const list = async (service: Service, client: Client): Promise<void> => {
  const jobs = await listDeadJobs(client);
  console.log(`${service}: ${count(jobs.length, 'job')} out of attempts.`);
  for (const job of jobs) console.log(describeDeadJob(job));
  const events = await listDeadEvents(client);
  if (events.length > 0) console.log(`${service}: ${count(events.length, 'event')} given up.`);
  for (const event of events) console.log(describeDeadEvent(event));
};

const retry = async (service: Service, client: Client): Promise<void> => {
  console.log(`${service}: ${count(await retryDeadJobs(client), 'job')} tried again.`);
  const events = await retryDeadEvents(client);
  if (events > 0) console.log(`${service}: ${count(events, 'event')} consumed again.`);
};

const withDatabase = async (
  service: Service,
  work: (service: Service, client: Client) => Promise<void>,
): Promise<void> => {
  const connectionString = findDatabase(service);
  const client = new Client({ connectionString, connectionTimeoutMillis: 5_000 });
  try {
    await client.connect().catch((cause: unknown) => {
      throw new Refusal(`The ${service} database can not be reached. Is the shop running?`, {
        cause,
      });
    });
    await work(service, client);
  } finally {
    await client.end();
  }
};

try {
  const { verb, services } = readWords();
  for (const service of services) await withDatabase(service, verb === 'list' ? list : retry);
} catch (error) {
  if (!(error instanceof Refusal || error instanceof ConfigError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
