/**
 * `npm run prove -- NAME`: tries to break a promise of the shop, on the real services and a
 * throw-away Postgres, for longer than tests do; prints the result and exits 1 if it broke.
 */
import { makeProgram, matching, runProgram, wholeNumber, type Command } from '@cartograph/command';
import { ensureGenerated } from '../../tools/generate/prisma.ts';

type Outcome = { readonly held: boolean; readonly report: string };

/** More of anything than a person would wait for is a slip of the keyboard. */
const amount = wholeNumber(1, 1_000_000);
const anySeed = wholeNumber(0, 2 ** 31 - 1);

/** Runs a proof. Its code is loaded last: it needs the generated clients. */
const prove = async (proof: () => Promise<Outcome>): Promise<void> => {
  await ensureGenerated();
  const { held, report } = await proof();
  console.log(`${held ? 'held' : 'BROKEN'}: ${report}`);
  process.exitCode = held ? 0 : 1;
};

const program = makeProgram('npm run prove --', 'Tries to break a promise of the shop.');

const addProof = (name: string, promise: string): Command =>
  program.command(name).description(promise);

const withSeed = (command: Command): Command =>
  command.option(
    '--seed <n>',
    'repeats the choices of an earlier run',
    anySeed,
    Math.floor(Math.random() * 2 ** 31),
  );

addProof('refresh-race', 'concurrent refreshes of one token: each token has one successor')
  .option('--rounds <n>', 'tokens that are refreshed', amount, 1000)
  .option('--width <n>', 'refreshes of one token at once', amount, 100)
  .action((options: { rounds: number; width: number }) =>
    prove(async () => {
      const { proveRefreshRace } = await import('./refresh-race.ts');
      return proveRefreshRace(options);
    }),
  );

addProof('login-timing', 'a known and an unknown account answer alike, in the same time')
  .option('--tries <n>', 'sign-ins', amount, 2000)
  .action((options: { tries: number }) =>
    prove(async () => {
      const { proveLoginTiming } = await import('./login-timing.ts');
      return proveLoginTiming(options);
    }),
  );

withSeed(addProof('oversell', 'many buyers of few units at once: exactly those are sold'))
  .option('--rounds <n>', 'rounds', amount, 500)
  .option('--buyers <n>', 'buyers at once', amount, 200)
  .option('--units <n>', 'units in stock', amount, 50)
  .action((options: { rounds: number; buyers: number; units: number; seed: number }) =>
    prove(async () => {
      const { proveNoOversell } = await import('./oversell.ts');
      return proveNoOversell({
        ...options,
        onRound: (done, faults) => {
          // At once: a run that is stopped has still said what it saw.
          for (const fault of faults) console.log(`round ${done}: ${fault}`);
          if (done % 50 === 0) console.log(`${done} rounds done`);
        },
      });
    }),
  );

withSeed(addProof('pay-once', 'identical payments at once, answers lost: one charge, one answer'))
  .option('--rounds <n>', 'orders', amount, 1000)
  .option('--width <n>', 'payments of one order at once', amount, 50)
  .action((options: { rounds: number; width: number; seed: number }) =>
    prove(async () => {
      const { provePayOnce } = await import('./pay-once.ts');
      return provePayOnce({ ...options, seed: String(options.seed) });
    }),
  );

type CrashFlags = {
  only?: string;
  boundary?: string;
  every: number;
  worlds?: number;
  seed: number;
};

withSeed(addProof('crash', 'kill -9 at every commit and every call: every order ends'))
  .option('--only <name>', 'one scenario, or the scenarios of one group')
  .option('--boundary <name>', 'one boundary, as an earlier run printed it')
  .option('--every <n>', 'one boundary of so many', amount, 1)
  .option('--worlds <n>', 'shops that are tried at once', wholeNumber(1, 64))
  .action(({ seed, worlds, ...options }: CrashFlags) =>
    prove(async () => {
      const { proveCrash } = await import('./crash/prove-crash.ts');
      const shops = worlds ?? (options.boundary === undefined ? 8 : 1);
      return proveCrash({ ...options, worlds: shops, seed: String(seed) });
    }),
  );

withSeed(addProof('provider-faults', 'webhooks repeated, reordered, lost, late: the same ledger'))
  .option('--orders <n>', 'orders', amount, 200)
  .action((options: { orders: number; seed: number }) =>
    prove(async () => {
      const { proveProviderFaults } = await import('./provider-faults.ts');
      return proveProviderFaults(options);
    }),
  );

withSeed(addProof('model', 'random commands: the shop is in each step as a plain model has it'))
  .option('--runs <n>', 'sequences of commands', amount, 100)
  .option(
    '--path <path>',
    'with --seed, repeats the failure that an earlier run printed',
    matching(/^\d{1,9}(:\d{1,9}){0,999}$/, 'numbers with colons between them, such as 3:0:1'),
  )
  .action((options: { runs: number; seed: number; path?: string }) =>
    prove(async () => {
      const { proveModel } = await import('./model/prove-model.ts');
      return proveModel(options);
    }),
  );

process.exitCode = await runProgram(program, process.argv.slice(2));
