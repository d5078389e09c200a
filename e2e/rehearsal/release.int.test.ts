import { expect, it } from '@jest/globals';
import { findPreviousRelease } from './check-out.ts';
import { rehearseRelease } from './rehearse-release.ts';

/** `RELEASE_FROM=<commit>` names another one; in CI it is the base of the pull request. */
const { RELEASE_FROM: given, NX_BASE: base } = process.env;
const from = given || base || (await findPreviousRelease());

const rehearse = async (): Promise<void> => {
  const { faults } = await rehearseRelease({ ...(from !== null && { from }) }, () => {});
  expect(faults).toEqual([]);
};

// A copy without history, such as a shallow clone, has no release before this one.
if (from === null) it.skip('has no earlier commit to upgrade from: fetch the history', rehearse);
else it(`the release before (${from}) is upgraded to this version, and back`, rehearse, 240_000);
