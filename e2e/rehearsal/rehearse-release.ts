import path from 'node:path';
import { CommandFailure, EXIT } from '@cartograph/command';
import type { AppName } from '../../tools/services.ts';
import { toOutcome } from '../proofs/proof.ts';
import { checkOut, findPreviousRelease, ROOT } from './check-out.ts';
import { checkRecords, waitForEvents } from './check-records.ts';
import { openReleaseShop, type ReleaseShop } from './open-release-shop.ts';
import { findNewMigrations, type Mark } from './promises.ts';
import { type Release, releaseOfCheckout, releaseOfImages } from './release.ts';
import { type Past, runStory } from './run-story.ts';

export type RehearsalOptions = {
  /** The earlier commit; the release before when left out. */
  readonly from?: string;
  /** Its images and those of this version, in place of processes: `cartograph/{app}:v1.2.0`. */
  readonly fromImage?: string;
  readonly toImage?: string;
  /** What runs images. */
  readonly runtime?: string;
};

type Releases = Readonly<Record<AppName, Release>>;

/** A state of an upgrade: which release each app runs. */
type Phase = { readonly name: string; readonly releases: Releases };

const allOf = (release: Release): Releases => ({
  user: release,
  product: release,
  order: release,
  payment: release,
  router: release,
  rest: release,
});

/** The order of an upgrade, with each pair of services in both mixtures, and the way back. */
const phasesOf = (before: Release, now: Release): readonly Phase[] => {
  const old = allOf(before);
  const services = { user: now, product: now, order: now, payment: now };
  return [
    { name: 'user and payment new', releases: { ...old, user: now, payment: now } },
    { name: 'product and order new', releases: { ...old, product: now, order: now } },
    { name: 'all services new', releases: { ...old, ...services } },
    { name: 'router new', releases: { ...old, ...services, router: now } },
    { name: 'all new', releases: allOf(now) },
    { name: 'all old again', releases: old },
  ];
};

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

/** Receives a line about each phase. */
type Log = (line: string) => void;

/** Goes through phases until one fails. @returns what failed */
const runPhases = async (
  shop: ReleaseShop,
  phases: readonly Phase[],
  past: Past | null,
  log: Log,
): Promise<readonly string[]> => {
  let known = past;
  for (const { name, releases } of phases) {
    try {
      await shop.run(releases);
      known = await runStory(shop, known);
      await waitForEvents(shop);
      log(`held: ${name}`);
    } catch (error) {
      return [`${name}: ${messageOf(error)}`];
    }
  }
  return checkRecords(shop);
};

const withShop = async (
  work: (shop: ReleaseShop) => Promise<readonly string[]>,
): Promise<readonly string[]> => {
  const shop = await openReleaseShop();
  let keepsLogs = true;
  try {
    const faults = await work(shop);
    keepsLogs = faults.length > 0;
    return faults;
  } finally {
    await shop.close(keepsLogs);
  }
};

/** The old release is in use when its databases are migrated; then the apps are replaced. */
const rehearseUpgrade = (
  before: Release,
  now: Release,
  prismaBefore: string,
  stopsServices: boolean,
  log: Log,
): Promise<readonly string[]> =>
  withShop(async (shop) => {
    await shop.migrate(prismaBefore);
    const old = { name: 'all old', releases: allOf(before) };
    await shop.run(old.releases);
    const past = await runStory(shop, null);
    if (stopsServices) await shop.stopAll();
    await shop.migrate(path.join(ROOT, 'prisma'));
    const phases = stopsServices
      ? [{ name: 'all new', releases: allOf(now) }]
      : [{ ...old, name: 'all old, migrated' }, ...phasesOf(before, now)];
    return runPhases(shop, phases, past, log);
  });

/** The new release starts before its migrations are applied. */
const rehearseWithoutMigrations = (
  now: Release,
  prismaBefore: string,
  log: Log,
): Promise<readonly string[]> =>
  withShop(async (shop) => {
    await shop.migrate(prismaBefore);
    const phase = { name: 'all new, not migrated', releases: allOf(now) };
    return runPhases(shop, [phase], null, log);
  });

/**
 * Rehearses the upgrade from an earlier release to this version, on real databases: what the
 * migrations promise is tried, in the order of docs/operations/upgrade.md.
 */
export const rehearseRelease = async (options: RehearsalOptions, log: Log = console.log) => {
  const { fromImage, toImage, runtime = 'podman' } = options;
  const from = options.from ?? (await findPreviousRelease());
  if (from === null) {
    throw new CommandFailure(
      EXIT.usage,
      'This clone has no earlier commit: fetch its history, or name a commit with --from.',
    );
  }
  const checkout = await checkOut(from);
  try {
    const prismaBefore = path.join(checkout.folder, 'prisma');
    const migrations = await findNewMigrations(prismaBefore);
    const has = (mark: Mark) => (one: { readonly marks: readonly Mark[] }) =>
      one.marks.includes(mark);
    const before = fromImage
      ? releaseOfImages(fromImage, runtime)
      : releaseOfCheckout(checkout.folder, checkout.name);
    const now = toImage
      ? releaseOfImages(toImage, runtime)
      : releaseOfCheckout(ROOT, 'this version');
    const stopping = migrations.filter(has('stops-services'));
    const stops = stopping.length > 0;
    const faults = [...(await rehearseUpgrade(before, now, prismaBefore, stops, log))];
    const worksWithout = migrations.length > 0 && migrations.every(has('works-without'));
    if (worksWithout) faults.push(...(await rehearseWithoutMigrations(now, prismaBefore, log)));
    const names = migrations.map(({ service, name }) => `${service} ${name}`);
    const summary = [
      `from ${before.name} to ${now.name}`,
      `${names.length === 0 ? 'no migrations' : `migrations: ${names.join(', ')}`}`,
      ...(stops ? ['with the services stopped, as a migration says'] : []),
      ...(worksWithout ? ['also before its migrations'] : []),
    ];
    return toOutcome(summary.join('; '), faults);
  } finally {
    await checkout.remove();
  }
};
