/**
 * `npm run prove -- NAME`: tries to break a promise of the shop, on the real services and a
 * throw-away Postgres, for longer than tests do; prints what came of it and exits 1 if it broke.
 */
import { parseArgs } from 'node:util';
import { ensureGenerated } from '../generate/prisma.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string' },
    width: { type: 'string' },
    tries: { type: 'string', default: '2000' },
    buyers: { type: 'string', default: '200' },
    units: { type: 'string', default: '50' },
    orders: { type: 'string', default: '200' },
    runs: { type: 'string', default: '100' },
    path: { type: 'string' },
    only: { type: 'string' },
    every: { type: 'string', default: '1' },
    boundary: { type: 'string' },
    worlds: { type: 'string' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
  },
});
const [name = ''] = positionals;

const proofs: Record<string, () => Promise<{ held: boolean; report: string }>> = {
  'refresh-race': async () => {
    const { proveRefreshRace } = await import('./refresh-race.ts');
    return proveRefreshRace({
      rounds: Number(values.rounds ?? 1000),
      width: Number(values.width ?? 100),
    });
  },
  'login-timing': async () => {
    const { proveLoginTiming } = await import('./login-timing.ts');
    return proveLoginTiming({ tries: Number(values.tries) });
  },
  crash: async () => {
    const { proveCrash } = await import('./crash/prove-crash.ts');
    const { only, boundary, seed } = values;
    const worlds = Number(values.worlds ?? (boundary ? 1 : 8));
    return proveCrash({ only, boundary, seed, worlds, every: Number(values.every) });
  },
  'pay-once': async () => {
    const { provePayOnce } = await import('./pay-once.ts');
    return provePayOnce({
      rounds: Number(values.rounds ?? 1000),
      width: Number(values.width ?? 50),
      seed: values.seed,
    });
  },
  oversell: async () => {
    const { proveNoOversell } = await import('./oversell.ts');
    return proveNoOversell({
      rounds: Number(values.rounds ?? 500),
      buyers: Number(values.buyers),
      units: Number(values.units),
      seed: Number(values.seed),
      onRound: (done, faults) => {
        // At once: a run that is stopped has still said what it saw.
        for (const fault of faults) console.log(`round ${done}: ${fault}`);
        if (done % 50 === 0) console.log(`${done} rounds done`);
      },
    });
  },
  'provider-faults': async () => {
    const { proveProviderFaults } = await import('./provider-faults.ts');
    return proveProviderFaults({ orders: Number(values.orders), seed: Number(values.seed) });
  },
  model: async () => {
    const { proveModel } = await import('./model/prove-model.ts');
    const { path } = values;
    return proveModel({ runs: Number(values.runs), seed: Number(values.seed), path });
  },
};

const proof = proofs[name];
if (!proof) {
  console.error(`Usage: npm run prove -- ${Object.keys(proofs).join(' | ')} [--rounds N] ...`);
  process.exit(2);
}
await ensureGenerated();
const { held, report } = await proof();
console.log(`${held ? 'held' : 'BROKEN'}: ${report}`);
process.exitCode = held ? 0 : 1;
