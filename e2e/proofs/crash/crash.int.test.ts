import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sandbox } from '../../sandbox/open-sandbox.ts';
import { openSandboxes } from '../../sandbox/open-sandboxes.ts';
import { CRASH_SANDBOX } from './prove-crash.ts';
import { runScenario } from './run-scenario.ts';
import { SCENARIOS } from './scenarios.ts';

/**
 * A sample of the boundaries of `npm run prove -- crash`. Each line: a scenario, the boundary to kill
 * at, and whether the client repeats its request.
 */
const SAMPLE: readonly (readonly [string, RegExp, boolean])[] = [
  ['create', /order -> product: .*reserve.* #1 product dies after/i, true],
  ['pay sim_success', /payment: commit (insert simulator_charges|simulator\.).* after/, true],
  ['pay sim_success', /order: commit (update orders|orders?\.).* before/, false],
  ['cancel', /order: commit (update orders|orders?\.).* after/, false],
  ['expire', /order: poll due\.claim.* after/, false],
  ['expire', /order -> product: .*(close|release).* #1 product dies before/i, false],
  [
    'refund by an administrator',
    /payment: commit (insert simulator_refunds|simulator\.).* after/,
    false,
  ],
];

let opened: Awaited<ReturnType<typeof openSandboxes>>;
/** The logs of the services are kept when the test failed. */
let hasFailed = true;

beforeAll(async () => {
  opened = await openSandboxes([CRASH_SANDBOX]);
}, 120_000);

afterAll(() => opened.close(hasFailed));

describe('kill -9', () => {
  it('of a service at any of these boundaries leaves nothing half done', async () => {
    const runs: { place: string; isReached: boolean; faults: readonly string[] }[] = [];
    const [sandbox] = opened.sandboxes as [Sandbox];
    for (const [name, target, retries] of SAMPLE) {
      const scenario = SCENARIOS.find((one) => one.name === name);
      if (!scenario) throw new Error(`there is no scenario ${name}`);
      const { isReached, faults } = await runScenario(sandbox, scenario, { target, retries });
      runs.push({ place: `${name} / ${target.source}`, isReached, faults });
    }
    expect(runs).toEqual(runs.map(({ place }) => ({ place, isReached: true, faults: [] })));
    expect(runs).toHaveLength(SAMPLE.length);
    hasFailed = false;
  }, 300_000);
});
