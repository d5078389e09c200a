/**
 * `npm run prove -- NAME`: tries to break a promise of the shop, on the real services and a
 * throw-away Postgres, for longer than a test may take. It prints the result, and exits with 1 if the
 * promise is broken.
 */
import { makeProgram, matching, runProgram, wholeNumber, type Command } from '@cartograph/command';
import { proveContainers } from '../containers/prove-containers.ts';
import { proveKubePlay } from '../containers/prove-kube-play.ts';
import { proveContract } from '../contract/prove-contract.ts';
import { rehearseRelease } from '../rehearsal/rehearse-release.ts';
import { proveAttacks } from './attacks/prove-attacks.ts';
import { proveCrash } from './crash/prove-crash.ts';
import { proveFaults } from './faults/prove-faults.ts';
import { proveLoginTiming } from './login-timing.ts';
import { proveModel } from './model/prove-model.ts';
import { proveNoOversell } from './oversell.ts';
import { provePayOnce } from './pay-once.ts';
import type { Outcome } from './proof.ts';
import { proveProviderFaults } from './provider-faults.ts';
import { proveRefreshRace } from './refresh-race.ts';
import { proveReplicas } from './replicas/prove-replicas.ts';

const program = makeProgram('npm run prove --', 'Tries to break a promise of the shop.');

const addProof = <Options>(
  name: string,
  prove: (options: Options) => Promise<Outcome>,
  promise: string,
): Command =>
  program
    .command(name)
    .description(promise)
    .action(async (options: Options) => {
      const { held, report } = await prove(options);
      console.log(`${held ? 'held' : 'BROKEN'}: ${report}`);
      process.exitCode = held ? 0 : 1;
    });

const addSeed = (command: Command): Command =>
  command.option(
    '--seed <n>',
    'repeats the choices of an earlier run',
    wholeNumber(0, 2 ** 31 - 1),
    Math.floor(Math.random() * 2 ** 31),
  );

/** A larger number is a typing error. */
const amount = wholeNumber(1, 1_000_000);

addProof('refresh-race', proveRefreshRace, 'concurrent refreshes of one token: one successor each')
  .option('--rounds <n>', 'tokens that are refreshed', amount, 1000)
  .option('--width <n>', 'concurrent refreshes of one token', amount, 100);

addProof(
  'login-timing',
  proveLoginTiming,
  'known and unknown accounts: same result, same time',
).option('--tries <n>', 'sign-ins', amount, 2000);

addSeed(addProof('oversell', proveNoOversell, 'concurrent buyers of few units: all of them sold'))
  .option('--rounds <n>', 'rounds', amount, 500)
  .option('--buyers <n>', 'concurrent buyers', amount, 200)
  .option('--units <n>', 'units in stock', amount, 50);

addSeed(addProof('pay-once', provePayOnce, 'identical payments, lost responses: one charge'))
  .option('--rounds <n>', 'orders', amount, 1000)
  .option('--width <n>', 'concurrent payments of one order', amount, 50);

addSeed(addProof('crash', proveCrash, 'kill -9 at every commit and every call: every order ends'))
  .option('--only <name>', 'one scenario, or the scenarios of one group')
  .option('--boundary <name>', 'one boundary, as an earlier run printed it')
  .option('--every <n>', 'one boundary of so many', amount, 1)
  .option('--worlds <n>', 'shops that run at the same time', wholeNumber(1, 64));

addSeed(
  addProof('provider-faults', proveProviderFaults, 'faulty webhooks: the same ledger'),
).option('--orders <n>', 'orders', amount, 200);

addSeed(addProof('model', proveModel, 'random commands: the shop is as a plain model predicts'))
  .option('--runs <n>', 'sequences of commands', amount, 100)
  .option(
    '--path <path>',
    'with --seed, repeats the failure that an earlier run printed',
    matching(/^\d{1,9}(:\d{1,9}){0,999}$/, 'numbers with colons between them, such as 3:0:1'),
  );

addSeed(addProof('rest', proveContract, 'random requests to /v1: every response is as documented'))
  .option('--requests <n>', 'requests to each route', amount, 1000)
  .option('--only <route>', "one route: 'POST /v1/orders'");

addProof(
  'attacks',
  proveAttacks,
  'each attack of one client, many times: the page of another takes 300 ms at most',
)
  .option('--times <n>', 'how often each attack is sent', wholeNumber(1, 1_000), 100)
  .option('--only <name>', 'one attack, as an earlier run printed it');

addProof(
  'containers',
  proveContainers,
  'the shop of docker/compose.yaml, each container restarted: every purchase succeeds',
).option('--keep', 'leaves the containers and images');

addProof(
  'kube-play',
  proveKubePlay,
  'the Deployments of the overlay dev in Podman: all get ready, purchases succeed',
);

addProof('replicas', proveReplicas, 'every process stopped under load: no request fails')
  .option('--times <n>', 'how often each process is stopped', amount, 100)
  .option('--rate <n>', 'requests per second', wholeNumber(1, 10_000), 100)
  .option('--together', 'stops one of each app at the same time: a third of the time', false);

addProof(
  'faults',
  proveFaults,
  'one part is broken: coded errors, the rest as fast, recovery in 10 s',
)
  .option('--seconds <n>', 'how long each part is broken', wholeNumber(2, 3_600), 20)
  .option('--rate <n>', 'requests per second that do not need it', wholeNumber(1, 1_000), 30)
  .option('--only <name>', 'one part, as an earlier run printed it');

addProof('release', rehearseRelease, 'the release before is upgraded to this version, and back')
  .option('--from <commit>', 'the release before; the newest tag v*, or the parent, if left out')
  .option('--images', 'builds the images of both, and runs them in place of processes');

process.exitCode = await runProgram(program, process.argv.slice(2));
