import path from 'node:path';
import { readShopEnvironment, stateDirOf, type Variables } from '@cartograph/command';
import { eventuallyInShop as eventually } from '@cartograph/testing';
import { expect } from 'vitest';
import type { AppName } from '../../tools/services.ts';
import { startNode } from '../../tools/start/app-process.ts';
import { environmentOf } from '../../tools/start/environment.ts';
import { findApp, isAlive } from './processes.ts';
import type { Shop } from './start-shop.ts';

const ROOT = path.resolve(import.meta.dirname, '..', '..');

/** The complete environment of a shop that was started. */
export const environmentOfShop = ({ env }: Shop): Variables =>
  readShopEnvironment('JWT_ISSUER', env);

/**
 * Kills an app of a shop, and runs it on the same port with other variables. Meanwhile the shop, which
 * would start its own again, is stopped by SIGSTOP; its other apps run.
 * @returns ends the replacement; the shop then starts its own app again
 */
export const replaceApp = async (
  shop: Shop,
  app: AppName,
  variables: Variables,
): Promise<() => Promise<void>> => {
  const shopPid = shop.process.pid ?? 0;
  const pid = findApp(shop, app);
  process.kill(shopPid, 'SIGSTOP');
  try {
    process.kill(pid, 'SIGKILL');
    await eventually(() => expect(isAlive(pid)).toBe(false));
    const env = { ...environmentOf(app, environmentOfShop(shop)), ...variables };
    const logFile = path.join(stateDirOf(env), 'logs', `${app}-replaced.log`);
    const running = await startNode(`apps/${app}/src/main.ts`, { cwd: ROOT, env, logFile });
    const end = async (): Promise<void> => {
      await running.stop();
      process.kill(shopPid, 'SIGCONT');
    };
    try {
      await eventually(async () =>
        expect((await fetch(`http://127.0.0.1:${shop.ports[app]}/readyz`)).status).toBe(200),
      );
    } catch (error) {
      await end();
      throw error;
    }
    return end;
  } catch (error) {
    process.kill(shopPid, 'SIGCONT');
    throw error;
  }
};
