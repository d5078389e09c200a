import path from 'node:path';
import { CommandFailure, EXIT } from '@cartograph/command';
import { buildImages } from '../containers/build-images.ts';
import { withContainers } from '../containers/with-containers.ts';
import { toOutcome } from '../proofs/proof.ts';
import { type Checkout, checkOut, findPreviousRelease, prepareToRun, ROOT } from './check-out.ts';
import { checkRecords, waitForEvents } from './check-records.ts';
import { openImageShop } from './open-image-shop.ts';
import { openProcessShop } from './open-process-shop.ts';
import { findNewMigrations, type Mark } from './promises.ts';
import type { Release, Releases, ReleaseShop } from './release.ts';
import { type Past, runStory } from './run-story.ts';

export type RehearsalOptions = {
  /** The earlier commit; the release before when left out. */
  readonly from?: string;
  /** Whether the images of both are built and run, in place of processes. */
  readonly images?: true;
};

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

const OLD = allOf('before');
const NEW = allOf('now');

/** The order of an upgrade, with each pair of services in both mixtures, and the way back. */
const PHASES: readonly Phase[] = [
  { name: 'all old, migrated', releases: OLD },
  { name: 'user and payment new', releases: { ...OLD, user: 'now', payment: 'now' } },
  { name: 'product and order new', releases: { ...OLD, product: 'now', order: 'now' } },
  { name: 'all services new', releases: { ...NEW, router: 'before', rest: 'before' } },
  { name: 'router new', releases: { ...NEW, rest: 'before' } },
  { name: 'all new', releases: NEW },
  { name: 'all old again', releases: OLD },
];

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

/** Opens a shop with empty databases. */
type OpenShop = () => Promise<ReleaseShop>;

const withShop = async (
  open: OpenShop,
  work: (shop: ReleaseShop) => Promise<readonly string[]>,
): Promise<readonly string[]> => {
  const shop = await open();
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
  open: OpenShop,
  stopsServices: boolean,
  log: Log,
): Promise<readonly string[]> =>
  withShop(open, async (shop) => {
    await shop.migrate('before');
    await shop.run(OLD);
    const past = await runStory(shop, null);
    if (stopsServices) await shop.stopAll();
    await shop.migrate('now');
    return runPhases(
      shop,
      stopsServices ? [{ name: 'all new', releases: NEW }] : PHASES,
      past,
      log,
    );
  });

/** The new release starts before its migrations are applied. */
const rehearseWithoutMigrations = (open: OpenShop, log: Log): Promise<readonly string[]> =>
  withShop(open, async (shop) => {
    await shop.migrate('before');
    return runPhases(shop, [{ name: 'all new, not migrated', releases: NEW }], null, log);
  });

const rehearse = async ({ folder, name }: Checkout, open: OpenShop, log: Log) => {
  const migrations = await findNewMigrations(path.join(folder, 'prisma'));
  const has = (mark: Mark) => (one: { readonly marks: readonly Mark[] }) =>
    one.marks.includes(mark);
  const stops = migrations.some(has('stops-services'));
  const faults = [...(await rehearseUpgrade(open, stops, log))];
  const worksWithout = migrations.length > 0 && migrations.every(has('works-without'));
  if (worksWithout) faults.push(...(await rehearseWithoutMigrations(open, log)));
  const names = migrations.map((migration) => `${migration.service} ${migration.name}`);
  const summary = [
    `from ${name} to this version`,
    `${names.length === 0 ? 'no migrations' : `migrations: ${names.join(', ')}`}`,
    ...(stops ? ['with the services stopped, as a migration says'] : []),
    ...(worksWithout ? ['also before its migrations'] : []),
  ];
  return toOutcome(summary.join('; '), faults);
};

/**
 * Rehearses the upgrade from an earlier release to this version, on real databases: what the
 * migrations promise is tried, in the order of docs/operations/upgrade.md.
 */
export const rehearseRelease = async (options: RehearsalOptions, log: Log = console.log) => {
  const from = options.from ?? (await findPreviousRelease());
  if (from === null) {
    throw new CommandFailure(
      EXIT.usage,
      'This clone has no earlier commit: fetch its history, or name a commit with --from.',
    );
  }
  const checkout = await checkOut(from);
  try {
    if (options.images) {
      return await withContainers(async (tools) => {
        await buildImages(tools, checkout.folder, 'before');
        await buildImages(tools, ROOT, 'now');
        return rehearse(checkout, () => openImageShop(tools), log);
      });
    }
    await prepareToRun(checkout);
    const folders = { before: checkout.folder, now: ROOT };
    return await rehearse(checkout, () => openProcessShop(folders), log);
  } finally {
    await checkout.remove();
  }
};
