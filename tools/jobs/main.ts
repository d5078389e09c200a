/**
 * `npm run jobs -- list|retry [SERVICE]`: durable work that failed until its patience ended. `list`
 * shows it, `retry` lets the service try all of it again.
 */
import { parseArgs } from 'node:util';
import { ConfigError, parseEnv, postgresUrl } from '@cartograph/config';
import { Client } from 'pg';
import { z } from 'zod';
import { readShopEnvironment } from '../user/read-shop-environment.ts';
import { describeDeadJob, listDeadJobs, retryDeadJobs } from './dead-jobs.ts';

const VARIABLES = { order: 'ORDER_DATABASE_URL', payment: 'PAYMENT_DATABASE_URL' } as const;

type Service = keyof typeof VARIABLES;

const SERVICES = Object.keys(VARIABLES) as Service[];

const USAGE = `Usage: npm run jobs -- list|retry [${SERVICES.join('|')}]`;

class Refusal extends Error {}

const readWords = (): { verb: 'list' | 'retry'; services: readonly Service[] } => {
  const [verb, name, ...rest] = parseArgs({ allowPositionals: true }).positionals;
  const services = name === undefined ? SERVICES : SERVICES.filter((service) => service === name);
  if ((verb !== 'list' && verb !== 'retry') || services.length === 0 || rest.length > 0) {
    throw new Refusal(USAGE);
  }
  return { verb, services };
};

const withDatabase = async <Result>(
  service: Service,
  work: (client: Client) => Promise<Result>,
): Promise<Result> => {
  const variable = VARIABLES[service];
  const env = parseEnv(z.object({ [variable]: postgresUrl() }), readShopEnvironment());
  const client = new Client({ connectionString: env[variable], connectionTimeoutMillis: 5_000 });
  try {
    await client.connect().catch((cause: unknown) => {
      throw new Refusal(`The ${service} database can not be reached.`, { cause });
    });
    return await work(client);
  } finally {
    await client.end();
  }
};

try {
  const { verb, services } = readWords();
  for (const service of services) {
    if (verb === 'list') {
      const jobs = await withDatabase(service, listDeadJobs);
      console.log(`${service}: ${jobs.length} jobs are out of attempts.`);
      for (const job of jobs) console.log(describeDeadJob(job));
    } else {
      const count = await withDatabase(service, retryDeadJobs);
      console.log(`${service}: ${count} jobs are tried again.`);
    }
  }
} catch (error) {
  if (!(error instanceof Refusal || error instanceof ConfigError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
