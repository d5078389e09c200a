import type { GatewayConfig } from '@apollo/gateway';
import { metrics } from '@opentelemetry/api';
import { LRUCache } from 'lru-cache';

type PlanStore = NonNullable<NonNullable<GatewayConfig['queryPlannerConfig']>['cache']>;
type Plan = NonNullable<Awaited<ReturnType<PlanStore['get']>>>;

/** As the gateway's own store. */
const MAX_BYTES = 30 * 1024 * 1024;

const sizeOf = (plan: Plan): number => Buffer.byteLength(JSON.stringify(plan));

/**
 * Makes the store of query plans in memory, as the gateway's own, with a metric of its hits.
 * @returns the store, and what counts a hit of a plan that was found without it
 */
export const makePlanStore = (): { readonly store: PlanStore; readonly countHit: () => void } => {
  const plans = new LRUCache<string, Plan>({ maxSize: MAX_BYTES, sizeCalculation: sizeOf });
  const lookups = metrics.getMeter('cartograph.router').createCounter('shop.query_plan.lookup', {
    description: 'Searches for the plan of an operation: hit, or miss when it had to be planned.',
  });
  for (const result of ['hit', 'miss']) lookups.add(0, { result });
  const store: PlanStore = {
    get: async (key) => {
      const plan = plans.get(key);
      lookups.add(1, { result: plan ? 'hit' : 'miss' });
      return plan;
    },
    set: async (key, plan) => {
      plans.set(key, plan);
    },
    delete: async (key) => {
      plans.delete(key);
    },
    clear: () => plans.clear(),
  };
  return { store, countHit: () => lookups.add(1, { result: 'hit' }) };
};
