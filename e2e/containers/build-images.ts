import os from 'node:os';
import path from 'node:path';
import { APPS } from '../../tools/services.ts';
import type { ContainerTools } from './podman.ts';

/**
 * Builds the image of each app, `cartograph/<app>:<tag>`, by docker/Dockerfile. The stages before the last are
 * the same for all of them.
 * @param folder a checkout
 */
export const buildImages = async (
  tools: ContainerTools,
  folder: string,
  tag: string,
): Promise<void> => {
  for (const app of APPS) {
    await tools.show('buildah', [
      ...['bud', '--layers', '--isolation', 'chroot', '--network', 'host', '--format', 'docker'],
      ...['--file', path.join(folder, 'docker', 'Dockerfile'), '--build-arg', `APP=${app}`],
      ...['--timestamp', '0'],
      // The machine's npm settings and cache.
      ...['--volume', `${os.homedir()}/.npmrc:/root/.npmrc:ro`],
      ...['--volume', `${os.homedir()}/.npm:/root/.npm`],
      ...['--tag', `cartograph/${app}:${tag}`, folder],
    ]);
  }
};
