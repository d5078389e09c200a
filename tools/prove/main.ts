/**
 * `npm run prove -- NAME`: tries to break a promise of the shop, on the real services and a
 * throw-away Postgres, for longer than tests do; prints what came of it and exits 1 if it broke.
 */
import { parseArgs } from 'node:util';
import { ensureGenerated } from '../generate/prisma.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '1000' },
    width: { type: 'string', default: '100' },
    tries: { type: 'string', default: '2000' },
  },
});
const [name = ''] = positionals;

const proofs: Record<string, () => Promise<{ held: boolean; report: string }>> = {
  'refresh-race': async () => {
    const { proveRefreshRace } = await import('./refresh-race.ts');
    return proveRefreshRace({ rounds: Number(values.rounds), width: Number(values.width) });
  },
  'login-timing': async () => {
    const { proveLoginTiming } = await import('./login-timing.ts');
    return proveLoginTiming({ tries: Number(values.tries) });
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
