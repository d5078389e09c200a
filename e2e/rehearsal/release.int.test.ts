import { expect, it } from 'vitest';
import { findPreviousRelease } from './check-out.ts';
import { rehearseRelease } from './rehearse-release.ts';

/** `RELEASE_FROM=<commit>` names another one; in CI it is the base of the pull request. */
const { RELEASE_FROM: given, NX_BASE: base } = process.env;
// A shallow clone has no earlier commit: there this version is upgraded to itself, by the same steps.
const from = given || base || ((await findPreviousRelease()) ?? 'HEAD');

it(`the release before (${from}) is upgraded to this version, and back`, async () => {
  const { faults } = await rehearseRelease({ from }, () => {});
  expect(faults).toEqual([]);
}, 240_000);
