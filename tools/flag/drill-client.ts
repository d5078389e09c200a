import { CommandFailure, EXIT } from '@cartograph/command';
import type { DrillPart } from '@cartograph/http';
import { type Settings, urlHost } from '../start/settings.ts';
import type { AppName } from '../services.ts';
import type { Flag } from './read-flag.ts';

/** The faults of a process, by what they concern. */
export type Faults = Readonly<
  Record<DrillPart, { readonly slowMs: number; readonly fails: boolean }>
>;

/** A process on this machine responds in milliseconds. */
const TIMEOUT_MS = 10_000;

const fail = (sentence: string): never => {
  throw new CommandFailure(EXIT.failed, sentence);
};

/** Calls the private port of each process of a shop that runs on this machine. */
export const makeDrillClient = ({
  metricsHost,
  metricsPorts,
}: {
  readonly metricsHost: string;
  readonly metricsPorts: Settings['metricsPorts'];
}) => {
  const call = async (app: AppName, init: RequestInit = {}): Promise<Faults> => {
    const port = metricsPorts[app];
    if (port === 0)
      return fail(`${app} has no fixed private port: set ${app.toUpperCase()}_METRICS_PORT.`);
    const url = `http://${urlHost(metricsHost)}:${port}/drill`;
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const response = await fetch(url, { ...init, signal }).catch(() =>
      fail(`${app} does not respond at ${url}: is the shop started?`),
    );
    if (response.status === 404) return fail(`${app} takes no flags: it runs in production.`);
    if (!response.ok) return fail(`${app} answered ${response.status} at ${url}.`);
    return (await response.json()) as Faults;
  };
  return {
    read: (app: AppName): Promise<Faults> => call(app),
    set: ({ app, part, change }: Flag): Promise<Faults> =>
      call(app, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ part, ...change }),
      }),
  };
};
