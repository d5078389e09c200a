import { SERVICES } from '../services.ts';
import { Refusal } from './refusal.ts';
import type { Variables } from '@cartograph/command';

/**
 * Applies the migrations that each service's database lacks.
 * @throws {Refusal} naming the service whose migrations failed
 */
export async function deployMigrations(environment: Variables): Promise<void> {
  // Loaded here, since it is large and a start that is refused never needs it.
  const { applyMigrations } = await import('../migrate/apply-migrations.ts');
  await Promise.all(
    SERVICES.map(async (service) => {
      const databaseUrl = environment[`${service.toUpperCase()}_DATABASE_URL`] ?? '';
      try {
        await applyMigrations({ service, databaseUrl });
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        throw new Refusal(`The migrations of ${service} failed: ${reason}`);
      }
    }),
  );
}
