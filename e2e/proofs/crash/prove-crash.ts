import { createHash } from 'node:crypto';
import { CommandFailure, EXIT } from '@cartograph/command';
import { openWorlds } from '../world/open-worlds.ts';
import type { World } from '../world/open-world.ts';
import { runStory, type Run } from './run-story.ts';
import { SCENARIOS } from './scenarios.ts';
import type { Scenario } from './stories.ts';
import { printTable, toSeconds, type Row } from './table.ts';

/** What is to be tried. */
export type CrashOptions = {
  /** The scenarios of one group, or one by its name; all of them when not given. */
  readonly only?: string | undefined;
  /** One boundary of many: for a sample. */
  readonly every: number;
  /** This boundary alone, as a run before printed it. */
  readonly boundary?: string | undefined;
  readonly seed: string;
  /** How many shops are tried at once. */
  readonly worlds: number;
};

/** How often a boundary is waited for, a run each. */
const TRIES = 5;

/**
 * The part of all boundaries that may never come by again: how often a job looks before there is
 * something to see, or what is told comes in one batch or two, differs from run to run.
 */
const MISSED = 0.05;

/** How many of a sample's boundaries are left out before the first, so that samples differ. */
const offsetOf = (seed: string, every: number): number =>
  createHash('sha256').update(seed).digest().readUInt32BE(0) % every;

/** Two of three clients ask again when their answer got lost; the others are never heard of again. */
export const isPatient = (seed: string, boundary: string): boolean =>
  (createHash('sha256').update(`${seed}\n${boundary}`).digest()[0] ?? 0) % 3 !== 0;

/** Does tasks one after another in each world. */
const share = async <Task>(
  worlds: readonly World[],
  tasks: readonly Task[],
  work: (world: World, task: Task) => Promise<void>,
): Promise<void> => {
  const left = [...tasks];
  await Promise.all(
    worlds.map(async (world) => {
      for (let task = left.shift(); task !== undefined; task = left.shift()) {
        await work(world, task);
      }
    }),
  );
};

const chooseScenarios = ({ only, boundary }: CrashOptions): readonly Scenario[] => {
  const name = boundary?.split(' / ')[0];
  return SCENARIOS.filter((one) =>
    name === undefined ? !only || [one.group, one.name].includes(only) : one.name === name,
  );
};

/** What came of a run, also when it could not be finished. */
const attempt = async (
  world: World,
  scenario: Scenario,
  target: string | null,
  seed: string,
): Promise<Run> => {
  try {
    const patient = target === null || isPatient(seed, `${scenario.name} / ${target}`);
    return await runStory(world, scenario, { target, isPatient: patient });
  } catch (error) {
    world.trap.lift();
    await world.ready();
    const reason = error instanceof Error ? error.message : String(error);
    return {
      boundaries: [],
      isReached: false,
      faults: [reason],
      downMs: 0,
      recoveryMs: 0,
    };
  }
};

/**
 * Kills a service at every boundary of everything that an order lives through, one run each, and
 * looks whether the books balance afterwards.
 * @returns a table with what was found, and whether all of it held
 */
export const proveCrash = async (
  options: CrashOptions,
): Promise<{ held: boolean; report: string }> => {
  const { seed, every } = options;
  const scenarios = chooseScenarios(options);
  if (scenarios.length === 0) {
    const names = SCENARIOS.map(({ group, name }) => `  ${group}: ${name}`).join('\n');
    throw new CommandFailure(EXIT.usage, `There is no such scenario. There are:\n${names}`);
  }
  const begun = Date.now();
  const { worlds, logDir, close } = await openWorlds(options.worlds);
  const rows = new Map<string, Row>();
  const faults: string[] = [];
  const missed: string[] = [];
  const note = (name: string, found: readonly string[]): void => {
    for (const fault of found) {
      faults.push(`${name}: ${fault}`);
      console.log(`FAULT ${name}: ${fault}`);
    }
  };

  try {
    const tasks: { scenario: Scenario; target: string }[] = [];
    await share(worlds, scenarios, async (world, scenario) => {
      const { name } = scenario;
      const { boundaries, faults: found } = await attempt(world, scenario, null, seed);
      console.log(`\n${name}: ${boundaries.length} boundaries`);
      for (const boundary of boundaries) console.log(`  ${name} / ${boundary}`);
      note(name, found);
      rows.set(name, {
        name,
        boundaries: boundaries.length,
        runs: 0,
        missed: 0,
        faults: found.length,
        slowestMs: 0,
      });
      const targets = options.boundary
        ? [options.boundary.slice(name.length + 3)]
        : boundaries.filter((_, index) => index % every === offsetOf(seed, every));
      tasks.push(...targets.map((target) => ({ scenario, target })));
    });

    let done = 0;
    await share(worlds, tasks, async (world, { scenario, target }) => {
      const name = `${scenario.name} / ${target}`;
      let run = await attempt(world, scenario, target, seed);
      // What several do at once comes in another order now and then.
      for (let tries = 1; !run.isReached && tries < TRIES; tries += 1) {
        note(name, run.faults);
        run = await attempt(world, scenario, target, seed);
      }
      if (!run.isReached) missed.push(name);
      done += 1;
      const times = `down ${toSeconds(run.downMs)}, right after ${toSeconds(run.recoveryMs)} more`;
      console.log(`${done}/${tasks.length} ${name}: ${run.isReached ? times : 'missed'}`);
      note(name, run.faults);
      const row = rows.get(scenario.name);
      if (!row) return;
      row.runs += run.isReached ? 1 : 0;
      row.missed += run.isReached ? 0 : 1;
      row.faults += run.faults.length > 0 ? 1 : 0;
      row.slowestMs = Math.max(row.slowestMs, run.recoveryMs);
    });
  } finally {
    await close(faults.length > 0);
  }

  const all = scenarios.flatMap(({ name }) => rows.get(name) ?? []);
  printTable(all);
  if (faults.length > 0) {
    console.log(`\n${faults.join('\n')}\n\nThe services' logs are in ${logDir}. Again, one alone:`);
    console.log(`  npm run prove -- crash --seed ${seed} --boundary 'SCENARIO / BOUNDARY'`);
  }
  if (missed.length > 0) console.log(`\nnever came by again:\n${missed.join('\n')}`);
  const runs = all.reduce((sum, row) => sum + row.runs, 0);
  const minutes = ((Date.now() - begun) / 60_000).toFixed(1);
  // What was not tried does not hold.
  const isTried = runs > 0 && missed.length <= runs * MISSED;
  return {
    held: faults.length === 0 && isTried,
    report: `seed ${seed}: ${runs} kills in ${minutes} minutes, ${faults.length} faults, ${missed.length} boundaries never came by again`,
  };
};
