import { CommandFailure, EXIT } from '@cartograph/command';
import { toTable } from '../../bench/measure.ts';
import type { Sandbox } from '../../sandbox/open-sandbox.ts';
import { openSandboxes } from '../../sandbox/open-sandboxes.ts';
import { draw, share, type Outcome } from '../proof.ts';
import { runScenario, type Run } from './run-scenario.ts';
import type { Scenario } from './scenario.ts';
import { SCENARIOS } from './scenarios.ts';

export type CrashOptions = {
  /** The scenarios of one group, or one by its name; all of them when not given. */
  readonly only?: string | undefined;
  /** One boundary of so many: for a sample. */
  readonly every: number;
  /** This boundary alone, as an earlier run printed it. */
  readonly boundary?: string | undefined;
  readonly seed: number;
  /** How many sandboxes run at the same time; one for one boundary, or else eight. */
  readonly worlds?: number | undefined;
};

export const CRASH_SANDBOX = {
  hasProxies: true,
  env: {
    DATABASE_POOL_SIZE: '4',
    RESERVATION_SWEEP_MS: '1000',
    SIMULATOR_DELAY_MS: '1500',
    SIMULATOR_WEBHOOKS: 'all',
  },
};

/** In how many runs a boundary may be reached. */
const TRIES = 5;

/**
 * The part of all boundaries that may be missed: how often a job polls before there is a result, or
 * whether events are published in one batch or two, differs from run to run.
 */
const MAX_MISSED = 0.05;

/** Two of three clients repeat a request without a response; the others never return. */
const retries = (seed: number, boundary: string): boolean =>
  Math.floor(draw(seed, boundary) * 256) % 3 !== 0;

const chooseScenarios = ({ only, boundary }: CrashOptions): readonly Scenario[] => {
  const name = boundary?.split(' / ')[0];
  const chosen = SCENARIOS.filter((one) =>
    name === undefined ? !only || [one.group, one.name].includes(only) : one.name === name,
  );
  if (chosen.length > 0) return chosen;
  const names = SCENARIOS.map((one) => `  ${one.group}: ${one.name}`).join('\n');
  throw new CommandFailure(EXIT.usage, `There is no such scenario. There are:\n${names}`);
};

/** Runs a scenario; a run that could not be finished is a fault. */
const attempt = async (
  sandbox: Sandbox,
  scenario: Scenario,
  target: string | null,
  seed: number,
): Promise<Run> => {
  try {
    const isRepeated = target === null || retries(seed, `${scenario.name} / ${target}`);
    return await runScenario(sandbox, scenario, { target, retries: isRepeated });
  } catch (error) {
    sandbox.injector.disarm();
    await sandbox.ready();
    const reason = error instanceof Error ? error.message : String(error);
    return { boundaries: [], isReached: false, faults: [reason], downMs: 0, recoveryMs: 0 };
  }
};

/** What was tried, and how it ended. */
type Result = { readonly scenario: string; readonly run: Run };

const toSeconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;

const toRow = (name: string, boundaries: number, results: readonly Result[]): string[] => {
  const runs = results.map(({ run }) => run);
  const counts = [
    boundaries,
    runs.filter(({ isReached }) => isReached).length,
    runs.filter(({ isReached }) => !isReached).length,
    runs.filter(({ faults }) => faults.length > 0).length,
  ];
  const slowest = Math.max(0, ...runs.map(({ recoveryMs }) => recoveryMs));
  return [name, ...counts.map(String), toSeconds(slowest)];
};

/** One row for each scenario, and one for all of them. `slowest` is the slowest recovery. */
const printTable = (boundaries: ReadonlyMap<string, number>, results: readonly Result[]): void => {
  const all = [...boundaries.values()].reduce((sum, count) => sum + count, 0);
  const head = ['scenario', 'boundaries', 'runs', 'missed', 'faults', 'slowest'];
  const rows = [...boundaries].map(([name, count]) =>
    toRow(
      name,
      count,
      results.filter(({ scenario }) => scenario === name),
    ),
  );
  console.log(`\n${toTable([head, ...rows, toRow('all', all, results)])}`);
};

/**
 * Kills a service at every boundary of everything that can happen to an order, one run for each, and
 * checks the ledger afterwards.
 * @returns the figures, and whether nothing was wrong
 */
export const proveCrash = async (options: CrashOptions): Promise<Outcome> => {
  const { seed, every } = options;
  const scenarios = chooseScenarios(options);
  const startedAt = Date.now();
  const { worlds = options.boundary === undefined ? 8 : 1 } = options;
  const { sandboxes, logDir, close } = await openSandboxes(
    Array<typeof CRASH_SANDBOX>(worlds).fill(CRASH_SANDBOX),
  );
  const counts = new Map(scenarios.map(({ name }) => [name, 0]));
  const results: Result[] = [];
  const faults: string[] = [];
  const missed: string[] = [];
  const report = (name: string, found: readonly string[]): void => {
    for (const fault of found) {
      faults.push(`${name}: ${fault}`);
      console.log(`FAULT ${name}: ${fault}`);
    }
  };

  try {
    const tasks: { scenario: Scenario; target: string }[] = [];
    await share(sandboxes, scenarios, async (sandbox, scenario) => {
      const { name } = scenario;
      const { boundaries, faults: found } = await attempt(sandbox, scenario, null, seed);
      console.log(`\n${name}: ${boundaries.length} boundaries`);
      for (const boundary of boundaries) console.log(`  ${name} / ${boundary}`);
      report(name, found);
      counts.set(name, boundaries.length);
      // Samples of other seeds begin at another boundary.
      const first = Math.floor(draw(seed, 'offset') * every);
      const targets = options.boundary
        ? [options.boundary.slice(name.length + 3)]
        : boundaries.filter((_, index) => index % every === first);
      tasks.push(...targets.map((target) => ({ scenario, target })));
    });

    let done = 0;
    await share(sandboxes, tasks, async (sandbox, { scenario, target }) => {
      const name = `${scenario.name} / ${target}`;
      let run = await attempt(sandbox, scenario, target, seed);
      // What is concurrent may happen in another order.
      for (let tries = 1; !run.isReached && tries < TRIES; tries += 1) {
        report(name, run.faults);
        run = await attempt(sandbox, scenario, target, seed);
      }
      if (!run.isReached) missed.push(name);
      done += 1;
      const times = `down for ${toSeconds(run.downMs)}, recovered in ${toSeconds(run.recoveryMs)}`;
      console.log(`${done}/${tasks.length} ${name}: ${run.isReached ? times : 'missed'}`);
      report(name, run.faults);
      results.push({ scenario: scenario.name, run });
    });
  } finally {
    await close(faults.length > 0);
  }

  printTable(counts, results);
  if (faults.length > 0) {
    console.log(`\n${faults.join('\n')}\n\nThe services' logs are in ${logDir}.`);
    console.log(`To repeat one run alone:
  npm run prove -- crash --seed ${seed} --boundary 'SCENARIO / BOUNDARY'`);
  }
  if (missed.length > 0) console.log(`\nnot reached in ${TRIES} runs:\n${missed.join('\n')}`);
  const runs = results.length - missed.length;
  const minutes = ((Date.now() - startedAt) / 60_000).toFixed(1);
  // Without runs nothing is proven.
  const isTried = runs > 0 && missed.length <= runs * MAX_MISSED;
  return {
    held: faults.length === 0 && isTried,
    report: `seed ${seed}: ${runs} kills in ${minutes} minutes, ${faults.length} faults, ${missed.length} boundaries not reached`,
  };
};
