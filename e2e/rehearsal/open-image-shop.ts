import { type AppName, APPS } from '../../tools/services.ts';
import { openComposeShop, STORES } from '../containers/compose-shop.ts';
import type { ContainerTools } from '../containers/podman.ts';
import { makeOriginOf, type Release, type ReleaseShop } from './release.ts';

/** Those that docker/compose.yaml publishes. */
const originOf = makeOriginOf({ router: 'http://127.0.0.1:4000', rest: 'http://127.0.0.1:8080' });

/**
 * Starts the databases, NATS and Redis of docker/compose.yaml, for apps from images whose tag is their
 * release. Both releases have the compose file of this version.
 */
export const openImageShop = async (tools: ContainerTools): Promise<ReleaseShop> => {
  const shop = openComposeShop(tools);
  const running = new Map<AppName, Release>();

  const stop = async (apps: readonly AppName[]): Promise<void> => {
    await Promise.all(apps.map((app) => shop.stop(app)));
    for (const app of apps) running.delete(app);
  };

  const open = async (): Promise<ReleaseShop> => {
    await shop.start(STORES);
    return {
      originOf,
      databases: await shop.findDatabases(),
      migrate: (release) => shop.runJob('migrate', release),
      run: async (releases) => {
        const changed = APPS.filter((app) => running.get(app) !== releases[app]);
        await stop(changed);
        for (const app of changed) {
          await shop.replace(app, releases[app]);
          running.set(app, releases[app]);
        }
        for (const app of APPS) await shop.waitUntilHealthy(app);
      },
      stopAll: () => stop(APPS),
      // Nothing is kept: an error has the end of the log.
      close: () => shop.remove(),
    };
  };

  try {
    return await open();
  } catch (error) {
    await shop.remove();
    throw error;
  }
};
