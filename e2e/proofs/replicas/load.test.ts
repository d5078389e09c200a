import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { startLoad } from './load.ts';

it('a load is sent at its rate, and every request is counted, with what was done meanwhile', async () => {
  const load = startLoad({
    perSecond: 200,
    arrive: async (index, send) => {
      const result = await send('even', async () => {
        if (index % 2 === 1) throw new Error('reset', { cause: new Error('by peer') });
        return index;
      });
      if (result !== null) await send('after', () => sleep(50));
    },
  });
  load.mark('user-1 stops');
  await sleep(500);
  load.check();
  const samples = await load.stop();
  const failed = samples.filter(({ error }) => error !== null);
  const after = samples.filter(({ kind }) => kind === 'after');
  expect(samples.length).toBeGreaterThan(100);
  expect(failed.length + after.length).toBe(samples.length - after.length);
  expect(failed[0]?.error).toBe('even failed (user-1 stops): Error: reset: Error: by peer');
  expect(after[0]?.ms).toBeGreaterThan(45);
});
