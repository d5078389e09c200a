import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { eventually } from '@cartograph/testing';
import { readDevSecrets } from '../../tools/kubernetes/read-dev-secrets.ts';
import { readRendering } from '../../tools/kubernetes/rendering.ts';
import { APPS, type AppName } from '../../tools/services.ts';
import { type Outcome, toOutcome } from '../proofs/proof.ts';
import { checkRecords, waitForEvents } from '../rehearsal/check-records.ts';
import { makeOriginOf } from '../rehearsal/release.ts';
import { runStory } from '../rehearsal/run-story.ts';
import { adaptForPodman } from './adapt-for-podman.ts';
import { buildImages } from './build-images.ts';
import {
  type ComposeShop,
  DATA_NETWORK,
  findAddress,
  STORES,
  withComposeShop,
} from './compose-shop.ts';
import type { ContainerTools } from './podman.ts';
import { withContainers } from './with-containers.ts';

const root = path.resolve(import.meta.dirname, '..', '..');
/** The tag of the images in the overlay dev. */
const TAG = 'dev';
const READY_MS = 120_000;
const READY_EVERY_MS = 500;

/** How Podman names the container of a Deployment's only pod. */
const containerOf = (app: AppName): string => `${app}-pod-0-app`;

/** The public endpoints, at the addresses of their pods. */
const PORTS = { router: 4000, rest: 8080 } as const;

const findOrigin = async (tools: ContainerTools, app: keyof typeof PORTS): Promise<string> => {
  const format = ['--format', '{{.InfraContainerID}}'];
  const infra = await tools.run('podman', ['pod', 'inspect', ...format, `${app}-pod-0`]);
  return `http://${await findAddress(tools, infra.trim())}:${PORTS[app]}`;
};

/** Waits until an app says that it is ready, as the kubelet asks it. */
const waitUntilReady = async (tools: ContainerTools, app: AppName): Promise<void> => {
  const ask = ['node', 'tools/image/entrypoint.ts', 'healthcheck', 'readyz'];
  try {
    const isReady = () => tools.run('podman', ['exec', containerOf(app), ...ask]);
    await eventually(isReady, READY_MS, READY_EVERY_MS);
  } catch (error) {
    throw new Error(`${app} is not ready: ${await tools.readLog(containerOf(app))}`, {
      cause: error,
    });
  }
};

/** Plays the Deployments of all apps, does `work`, and removes their pods. */
const withPods = async <Result>(
  tools: ContainerTools,
  work: () => Promise<Result>,
): Promise<Result> => {
  // The manifests contain the secrets.
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'cartograph-manifests-'));
  const [objects, secrets] = [readRendering('dev'), readDevSecrets()];
  const played: string[] = [];
  try {
    for (const app of APPS) {
      const file = path.join(folder, `${app}.yaml`);
      fs.writeFileSync(file, adaptForPodman(objects, secrets, app));
      played.push(file);
      // The name is that of the Service, which Podman does not have.
      const network = `${DATA_NETWORK}:alias=${app}`;
      await tools.run('podman', ['kube', 'play', '--network', network, file]);
    }
    for (const app of APPS) await waitUntilReady(tools, app);
    return await work();
  } finally {
    for (const file of played) {
      await tools.run('podman', ['kube', 'down', file]).catch((error: unknown) => {
        console.error(error);
      });
    }
    fs.rmSync(folder, { recursive: true });
  }
};

const buyFromPods = async (tools: ContainerTools, shop: ComposeShop): Promise<Outcome> => {
  await shop.start(STORES);
  await shop.runJob('migrate', TAG);
  const databases = await shop.findDatabases();
  const faults = await withPods(tools, async () => {
    const originOf = makeOriginOf({
      router: await findOrigin(tools, 'router'),
      rest: await findOrigin(tools, 'rest'),
    });
    const pods = { originOf, databases };
    await runStory(pods, null);
    await waitForEvents(pods);
    return checkRecords(pods);
  });
  return toOutcome(`${APPS.length} Deployments were ready, and served purchases`, faults);
};

/**
 * Plays the Deployments of the overlay dev beside the databases, NATS and Redis of docker/compose.yaml, as far
 * as Podman can: all are ready, customers buy by GraphQL and REST, events are published, and the records
 * of all services agree. Everything is removed at the end.
 */
export const proveKubePlay = (): Promise<Outcome> =>
  withContainers(async (tools) => {
    await buildImages(tools, root, TAG);
    return withComposeShop(tools, (shop) => buyFromPods(tools, shop));
  });
