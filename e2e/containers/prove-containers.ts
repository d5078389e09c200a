import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '@cartograph/testing';
import { APPS } from '../../tools/services.ts';
import type { Outcome } from '../proofs/proof.ts';
import { buildImages } from './build-images.ts';
import { buyUntil, send } from './buyers.ts';
import { type ComposeShop, STORES, withComposeShop } from './compose-shop.ts';
import { measureStart } from './measure-start.ts';
import type { ContainerTools } from './podman.ts';
import { withContainers } from './with-containers.ts';

const root = path.resolve(import.meta.dirname, '..', '..');
const REST_URL = 'http://127.0.0.1:8080';
const BUYERS = 2;
/** How long purchases go on before and after a restart. */
const SETTLE_MS = 3_000;
const STOCK = 100_000;
/** How long the stock may take to be what was sold. */
const READ_MS = 60_000;
const READ_EVERY_MS = 500;

/** What is started, with all that it depends on: the others, such as Grafana, need images of their own. */
const STARTED = ['router', 'rest'];

/** Each is restarted while customers buy. */
const RESTARTED = [...APPS, ...STORES];

/** Registers an administrator and adds a product. */
const openCatalogue = async (shop: ComposeShop) => {
  const email = `${randomUUID()}@cartograph.example`;
  const account = { email, password: 'correct horse battery' };
  const url = `${REST_URL}/v1/auth`;
  await send(`${url}/register`, 'POST', { body: account });
  await shop.execute('user', ['grant', email, 'ADMIN']);
  const session = await send(`${url}/login`, 'POST', { body: account });
  const token = String(session?.body['access_token']);
  const product = await send(`${REST_URL}/v1/products`, 'POST', {
    token,
    body: {
      sku: 'CONTAINER-1',
      name: 'Container',
      description: '',
      price_cents: 1999,
      currency: 'EUR',
      stock: STOCK,
    },
  });
  if (product?.status !== 201) throw new Error(`no product: ${JSON.stringify(product)}`);
  return { token, productId: String(product.body['id']) };
};

/** A page of a product may be some seconds old, and a container has just been restarted. */
const untilSold = (productId: string, units: number): Promise<void> =>
  eventually(
    async () => {
      const product = await send(`${REST_URL}/v1/products/${productId}`, 'GET');
      if (product?.status !== 200) throw new Error(`the product can't be read: ${product?.status}`);
      const sold = STOCK - Number(product.body['stock']);
      if (sold !== units) throw new Error(`${sold} units are gone, not ${units}`);
    },
    READ_MS,
    READ_EVERY_MS,
  );

const restartWhileBuying = async (
  shop: ComposeShop,
  starts: readonly string[],
): Promise<Outcome> => {
  await shop.start(STARTED);
  const { token, productId } = await openCatalogue(shop);
  const stop = new AbortController();
  const buying = buyUntil(stop.signal, { restUrl: REST_URL, token, productId, buyers: BUYERS });
  for (const name of RESTARTED) {
    await sleep(SETTLE_MS);
    await shop.restart(name);
  }
  await sleep(SETTLE_MS);
  stop.abort();
  const { atOnce, afterRetries, failures } = await buying;
  const faults = [...failures];
  await untilSold(productId, atOnce + afterRetries).catch((error: Error) => {
    faults.push(error.message);
  });
  return {
    held: faults.length === 0,
    report: [
      `${RESTARTED.length} containers restarted during ${atOnce + afterRetries} purchases: ${atOnce} succeeded at once, ${afterRetries} when they were repeated, ${failures.length} failed`,
      ...starts,
      ...faults,
    ].join('\n'),
  };
};

/**
 * Builds the images, starts the shop of docker/compose.yaml, and restarts each container while customers
 * buy: every purchase succeeds, at once or when it is repeated with its key, and exactly the units that
 * were bought are gone. Everything is removed at the end.
 * @param options.keep leaves the containers and images
 */
export const proveContainers = (options: { readonly keep?: true }): Promise<Outcome> =>
  withContainers(async (tools: ContainerTools) => {
    await buildImages(tools, root, 'latest');
    const starts = await measureStart(tools);
    return withComposeShop(tools, (shop) => restartWhileBuying(shop, starts), options);
  }, options);
