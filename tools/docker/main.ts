/** `npm run docker:up | docker:down | docker:logs`: the shop of docker/compose.yaml. */
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CommandFailure, EXIT, makeProgram, readGiven, runProgram } from '@cartograph/command';
import { Option } from 'commander';
import { compose, type Profile, root } from './compose.ts';
import { makeContainerAccount, readContainerAccounts } from './demo-accounts.ts';
import { ensureContainerSecrets, makeUnknownHeader } from './secrets.ts';

const SECRETS = path.join(root, 'docker', 'secrets');
/** Written when the databases have the demo catalogue and accounts. */
const SEEDED = path.join(SECRETS, 'seeded');
const READY_TIMEOUT_MS = 180_000;
const READY_POLL_MS = 500;

type RouterName = 'apollo' | 'cartograph';

/** The profile of a router, which has the name of its service, and the address at which it tells REST that it is ready. */
const ROUTERS: Readonly<Record<RouterName, { profile: Profile; readyUrl: string }>> = {
  apollo: { profile: 'apollo-router', readyUrl: 'http://router:8088/health?ready' },
  cartograph: { profile: 'router', readyUrl: 'http://router:4000/readyz' },
};

/** Waits until the REST API is ready, which waits for the router, which waits for the services. */
const waitUntilReady = async (restUrl: string): Promise<void> => {
  const deadline = Date.now() + READY_TIMEOUT_MS;
  for (;;) {
    const response = await fetch(`${restUrl}/readyz`).catch(() => null);
    await response?.body?.cancel();
    if (response?.status === 200) return;
    if (Date.now() > deadline) {
      const advice = 'npm run docker:logs shows why.';
      throw new CommandFailure(
        EXIT.failed,
        `The shop is not ready after ${READY_TIMEOUT_MS / 1000} s: ${advice}`,
      );
    }
    await sleep(READY_POLL_MS);
  }
};

type UpOptions = {
  readonly router: RouterName;
  readonly observability: boolean;
  readonly build: boolean;
};

const up = async ({ router, observability, build }: UpOptions): Promise<void> => {
  const given = readGiven(process.env);
  const routerPort = given['ROUTER_PORT'] ?? '4000';
  const restUrl = `http://127.0.0.1:${given['REST_PORT'] ?? '8080'}`;
  ensureContainerSecrets(SECRETS);
  const { profile, readyUrl } = ROUTERS[router];
  const profiles: Profile[] = [profile, ...(observability ? (['observability'] as const) : [])];
  const env = {
    ROUTER_READY_URL: readyUrl,
    CLIENT_ADDRESS_HEADER: given['CLIENT_ADDRESS_HEADER'] ?? makeUnknownHeader(SECRETS),
    ...(observability && {
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://otel-collector:4318',
      APOLLO_OTLP_ENABLED: 'true',
    }),
  };
  // It may run since another start, and has the same port and name in the network.
  const { profile: other } = ROUTERS[router === 'apollo' ? 'cartograph' : 'apollo'];
  await compose(['stop', other], { profiles: [other], env });
  await compose(['up', '--detach', ...(build ? ['--build'] : [])], { profiles, env });
  await waitUntilReady(restUrl);
  const accounts = readContainerAccounts(SECRETS);
  if (!fs.existsSync(SEEDED)) {
    await compose(['run', '--rm', 'catalogue'], { profiles: [...profiles, 'demo'], env });
    for (const account of accounts) await makeContainerAccount(restUrl, account);
    fs.writeFileSync(SEEDED, '');
  }
  const lines = [
    '',
    'Cartograph is ready.',
    '',
    `  GraphQL         http://localhost:${routerPort}/graphql`,
    `  REST            ${restUrl.replace('127.0.0.1', 'localhost')}/v1`,
    ...(observability
      ? [
          `  Grafana         http://localhost:${given['GRAFANA_PORT'] ?? '3000'} (admin, docker/secrets/GRAFANA_PASSWORD)`,
          `  Prometheus      http://localhost:${given['PROMETHEUS_PORT'] ?? '9090'}`,
        ]
      : []),
    '',
    ...accounts.map(({ email, password }) => `  ${email} / ${password}`),
    '',
    '  npm run docker:logs shows the logs, npm run docker:down stops it.',
    '',
  ];
  console.log(lines.join('\n'));
};

const program = makeProgram(
  'npm run docker:up | docker:down | docker:logs',
  'The shop in containers.',
);

program
  .command('up')
  .description('builds the images, starts the shop and waits until it is ready')
  .addOption(
    new Option('--router <name>', 'which router answers on port 4000')
      .choices(['apollo', 'cartograph'])
      .default('apollo'),
  )
  .option('--no-observability', 'without traces, Prometheus and Grafana')
  .option('--no-build', 'with the images as they are')
  .action(up);
program
  .command('down')
  .description('stops the shop and removes its containers')
  .option('--volumes', 'its data too')
  .action(async ({ volumes }: { readonly volumes?: true }) => {
    await compose(['down', ...(volumes ? ['--volumes'] : [])]);
    if (volumes) fs.rmSync(SEEDED, { force: true });
  });
program
  .command('logs')
  .description('shows the logs of all services, or of those that are named')
  .argument('[services...]')
  .action(async (services: string[]) => compose(['logs', ...services]));

process.exitCode = await runProgram(program, process.argv.slice(2));
