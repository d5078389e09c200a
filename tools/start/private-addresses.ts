import type { Variables } from '@cartograph/command';
import { type AppName, SERVICES } from '../services.ts';
import { type Settings, urlHost } from './settings.ts';

/** What clients call comes first. */
const ORDER: readonly AppName[] = ['rest', 'router', ...SERVICES];

/**
 * The private address of each process, `127.0.0.1:9401`, in the order in which people read them. A port
 * that the system chooses is not known: such a process is left out.
 */
export const privateAddresses = (
  given: Variables,
  { metricsPorts }: Pick<Settings, 'metricsPorts'>,
): Readonly<Partial<Record<AppName, string>>> => {
  const host = urlHost(given['METRICS_HOST'] ?? '127.0.0.1');
  const known = ORDER.filter((app) => metricsPorts[app] > 0);
  return Object.fromEntries(known.map((app) => [app, `${host}:${metricsPorts[app]}`]));
};
