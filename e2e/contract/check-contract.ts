import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { makeResponseCheck } from '../../apps/rest/test/kit/check-response.ts';
import { readEvents } from '../../apps/rest/test/kit/read-events.ts';
import { draw } from '../proofs/proof.ts';
import { inParallel } from '../testkit/in-parallel.ts';
import { send, type Received } from '../testkit/send.ts';
import { listRoutes, readContract, type Route } from './contract.ts';
import { anyBrokenAttempt, anyValidAttempt, type Attempt } from './make-attempts.ts';
import { openScene, type Scene } from './open-scene.ts';

/** Requests to one route, before the scene is made anew. */
const BATCH = 25;

/** A busy machine may be 503 for a while; an input that is always 503 is a fault. */
const MAX_TRIES = 8;

const MAX_SHOWN = 300;

const sendAttempt = async (scene: Scene, attempt: Attempt): Promise<Received> => {
  const { route, sender, url, headers, body, signed } = attempt;
  const token = scene.tokenOf(sender);
  for (let tries = 1; ; tries += 1) {
    const signature = signed === null ? {} : scene.sign(signed);
    const received = await send({
      method: route.method,
      url: `${process.env['E2E_REST_URL']}${url}`,
      headers: {
        ...headers,
        ...signature,
        ...(token !== undefined && { Authorization: `Bearer ${token}` }),
      },
      body,
    });
    if (received.status !== 503 || tries >= MAX_TRIES) return received;
    await sleep(1_000);
  }
};

const parseBody = ({ headers, text }: Received): unknown => {
  if (headers.get('content-type')?.startsWith('text/event-stream')) return readEvents(text);
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
};

const describe = ({ route, fault, sender, url, headers, body = '' }: Attempt): string =>
  `${fault ?? 'valid'}: ${route.method} ${url.slice(0, MAX_SHOWN)} by ${sender}, ` +
  `${JSON.stringify(headers).slice(0, MAX_SHOWN)} ${body.slice(0, MAX_SHOWN)}`;

const listChanges = (
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): readonly string[] =>
  Object.keys(before)
    .filter((name) => before[name] !== after[name])
    .map((name) => `an invalid request changed ${name}: ${before[name]} -> ${after[name]}`);

/**
 * Sends requests to the shop of E2E_REST_URL, made from the committed OpenAPI document: half of those to each
 * route are valid, half break one rule. A response is never 5xx, and is as the document says; an invalid
 * request is refused, and changes nothing; a webhook with the simulator's signature is accepted.
 * @param options.requests to each route
 * @param options.only the name of one route: `POST /v1/orders`
 * @param options.isThorough compares the state after each route, not after all of them
 * @returns a sentence for each fault, and how often each route sent each status
 */
export const checkContract = async (options: {
  readonly requests: number;
  readonly seed: number;
  readonly only?: string | undefined;
  readonly isThorough?: boolean;
}) => {
  const { requests, seed, only, isThorough = false } = options;
  const contract = readContract();
  const findFaults = makeResponseCheck(() => contract);
  const routes = listRoutes(contract).filter(({ name }) => only === undefined || name === only);
  const scene = await openScene();
  const faults: string[] = [];
  const statuses = new Map<string, number>();

  const tryAttempt = async (attempt: Attempt): Promise<void> => {
    const { route, url } = attempt;
    const received = await sendAttempt(scene, attempt);
    const { status, headers, text } = received;
    const key = `${route.name}: ${status}`;
    statuses.set(key, (statuses.get(key) ?? 0) + 1);
    const response = { status, headers: Object.fromEntries(headers), body: parseBody(received) };
    const isRefusedWebhook = attempt.fault === null && attempt.signed !== null && status >= 400;
    const found = [
      ...findFaults(route.method, url, response),
      ...(status >= 500 ? ['is a fault of the server'] : []),
      ...(attempt.fault !== null && status < 400 ? ['was accepted'] : []),
      ...(isRefusedWebhook ? ['was refused, although it is signed'] : []),
    ];
    const answer = `${status} ${text.slice(0, MAX_SHOWN)}`;
    for (const fault of found) faults.push(`${describe(attempt)} -> ${answer}: ${fault}`);
  };

  const tryRoutes = async (
    group: readonly Route[],
    kind: 'valid' | 'broken',
    numRuns: number,
    round: number,
  ): Promise<void> => {
    const attempts = group.flatMap((route) => {
      const known = scene.knownFor(route);
      const any = kind === 'valid' ? anyValidAttempt(route, known) : anyBrokenAttempt(route, known);
      const ownSeed = Math.floor(draw(seed, `${kind} ${route.name} ${round}`) * 2 ** 31);
      return any ? fc.sample(any, { numRuns, seed: ownSeed }) : [];
    });
    await inParallel(attempts, tryAttempt);
  };

  const half = Math.ceil(requests / 2);
  const groups = isThorough ? routes.map((route) => [route]) : [routes];
  for (let done = 0; done < half; done += BATCH) {
    const size = Math.min(BATCH, half - done);
    for (const group of groups) {
      const before = await scene.readState();
      await tryRoutes(group, 'broken', size, done);
      faults.push(...listChanges(before, await scene.readState()));
      await tryRoutes(group, 'valid', size, done);
      await scene.renew();
    }
  }
  return { routes: routes.length, faults, statuses };
};
