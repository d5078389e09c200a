import { startShop } from '../testkit/start-shop.ts';
import { toOutcome } from '../proofs/proof.ts';
import { checkContract } from './check-contract.ts';

/** The proof is about requests, not about how many of them an address may send. */
const NO_THROTTLE = {
  ACCESS_TOKEN_LIFETIME_MS: String(12 * 60 * 60_000),
  LOGIN_FAILURES_PER_PAIR: '1000000',
  LOGIN_FAILURES_PER_ADDRESS: '1000000',
  LOGIN_FAILURES_PER_ACCOUNT: '1000000',
  REFRESH_FAILURES_PER_ADDRESS: '1000000',
  REGISTRATIONS_PER_ADDRESS: '1000000',
  ORDER_UNITS_PER_ADDRESS: '1000000000',
};

/** Starts a whole shop, and sends it valid and invalid requests to every route of the REST API. */
export const proveContract = async (options: {
  readonly requests: number;
  readonly seed: number;
  readonly only?: string;
}) => {
  const { requests, seed, only } = options;
  const shop = await startShop(NO_THROTTLE);
  process.env['E2E_REST_URL'] = `http://127.0.0.1:${shop.ports.rest}`;
  // It has the secret with which webhooks are signed.
  process.env['E2E_STATE_DIR'] = shop.env['CARTOGRAPH_STATE_DIR'];
  process.env['E2E_GRAPH_URL'] = `http://127.0.0.1:${shop.ports.router}/graphql`;
  try {
    const begun = performance.now();
    const { routes, faults, statuses } = await checkContract({
      requests,
      seed,
      only,
      isThorough: true,
    });
    const minutes = ((performance.now() - begun) / 60_000).toFixed(1);
    const counts = [...statuses].toSorted().map(([answer, times]) => `  ${times} ${answer}`);
    const summary = `${requests} requests to each of ${routes} routes in ${minutes} minutes (seed ${seed})`;
    const { held, report } = toOutcome(summary, faults);
    return { held, report: [...counts, report].join('\n') };
  } finally {
    await shop.stop();
    await shop.remove();
  }
};
