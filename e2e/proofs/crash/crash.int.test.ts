import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { World } from '../world/open-world.ts';
import { openWorlds } from '../world/open-worlds.ts';
import { runStory } from './run-story.ts';
import { SCENARIOS } from './scenarios.ts';

/**
 * A sample of what `npm run prove -- crash` does everywhere. Each line: a scenario, the boundary to
 * kill at, and whether the client asks again.
 */
const SAMPLE: readonly (readonly [string, RegExp, boolean])[] = [
  ['create', /ReserveStock #1 product dies after/, true],
  ['pay sim_success', /payment: commit insert simulator_charges.* after/, true],
  ['pay sim_success', /order: commit update orders.* before/, false],
  ['cancel', /order: commit update orders.* after/, false],
  ['expire', /CloseReservation #1 product dies before/, false],
  ['refund by an administrator', /payment: commit insert simulator_refunds.* after/, false],
];

let opened: Awaited<ReturnType<typeof openWorlds>>;

beforeAll(async () => {
  opened = await openWorlds(2);
}, 120_000);

afterAll(() => opened.close(false));

const die = async (world: World, [name, target, isPatient]: (typeof SAMPLE)[number]) => {
  const scenario = SCENARIOS.find((one) => one.name === name);
  if (!scenario) throw new Error(`there is no scenario ${name}`);
  const { isReached, faults } = await runStory(world, scenario, { target, isPatient });
  return { place: `${name} / ${target.source}`, isReached, faults };
};

describe('kill -9', () => {
  it('of a service at any of these boundaries leaves nothing half done', async () => {
    const left = [...SAMPLE];
    const runs: Awaited<ReturnType<typeof die>>[] = [];
    await Promise.all(
      opened.worlds.map(async (world) => {
        for (let next = left.shift(); next; next = left.shift()) runs.push(await die(world, next));
      }),
    );
    expect(runs).toEqual(runs.map(({ place }) => ({ place, isReached: true, faults: [] })));
    expect(runs).toHaveLength(SAMPLE.length);
  }, 300_000);
});
