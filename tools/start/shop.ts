import { bootApps } from './boot-apps.ts';
import { startEmbedded } from './embedded.ts';
import { deployMigrations } from './migrations.ts';
import { orAborted } from './or-aborted.ts';
import type { ShopPlan } from './plan.ts';
import { checkDatabases } from './reachable-databases.ts';
import { seed } from './seed.ts';
import { isLoopback } from './settings.ts';

/**
 * Brings up the whole shop: Postgres, migrations, demo data and the six apps. Resolves when all of
 * them can serve. What was started is the supervisor's to stop, also after a failure.
 * @throws {Refusal} or PostgresFailure with a sentence to print, or the signal's reason
 */
export async function startShop(plan: ShopPlan): Promise<void> {
  plan.signal.throwIfAborted();
  // The clients are generated while Postgres starts; neither needs the other.
  await orAborted(Promise.all([generateClients(), prepareDatabases(plan)]), plan.signal);

  const failed = new AbortController();
  const signal = AbortSignal.any([plan.signal, failed.signal]);
  // Others may sign in as soon as the apps listen: the demo accounts' passwords must be set by then.
  const isPrivate = isLoopback(plan.settings.host);
  if (!isPrivate) await seed(plan);
  const seeding = isPrivate ? [seed({ ...plan, signal })] : [];
  const steps = [...seeding, bootApps({ ...plan, signal })];
  try {
    await Promise.all(steps);
  } catch (error) {
    // The other step must not go on, and be stopped half-way, when this one has failed.
    failed.abort();
    await Promise.allSettled(steps);
    throw error;
  }
}

async function generateClients(): Promise<void> {
  const { ensureGenerated } = await import('../generate/prisma.ts');
  await ensureGenerated();
}

async function prepareDatabases(plan: ShopPlan): Promise<void> {
  if (plan.settings.embedded) await startEmbedded(plan);
  else await checkDatabases(plan.environment);
  plan.signal.throwIfAborted();
  await deployMigrations(plan.environment);
}
