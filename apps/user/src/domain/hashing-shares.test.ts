import { describe, expect, it } from 'vitest';
import { makeHashingShares, type ShareHolder } from './hashing-shares.ts';

const stranger: ShareHolder = {
  operation: 'login',
  email: 'ann@example.com',
  address: null,
  isKnown: async () => false,
};

/** All that can go on without an event from outside has done so then. */
const turn = () => new Promise((done) => setImmediate(done));

const openShares = (waits = { waiting: 0, waitMs: 60_000 }) => {
  const refused: string[] = [];
  const shares = makeHashingShares({
    limits: { perAccount: 2, perAddress: 3, ...waits },
    onRefused: (operation) => refused.push(operation),
  });
  /** Work that lasts until it is ended. @returns what came of it so far */
  const begin = async (holder: Partial<ShareHolder> = {}) => {
    const { promise, resolve, reject } = Promise.withResolvers<'done'>();
    const work = { state: 'waiting' };
    const answer = shares.within({ ...stranger, ...holder }, () => {
      work.state = 'working';
      return promise;
    });
    const refuse = () => void (work.state = work.state === 'waiting' ? 'refused' : work.state);
    answer.then(refuse, refuse);
    await turn();
    return Object.assign(work, {
      answer,
      end: () => resolve('done'),
      fail: () => reject(new Error('broken')),
    });
  };
  return { begin, refused };
};

const states = (works: readonly { readonly state: string }[]) => works.map(({ state }) => state);

describe('the shares of the hashing queue', () => {
  it('are limited for an account over all addresses, and released when the work ends', async () => {
    const { begin, refused } = openShares();
    const works = [
      await begin({ address: '1.1.1.1' }),
      await begin({ address: '1.1.1.2' }),
      await begin({ address: '1.1.1.3' }),
    ];
    expect(states(works)).toEqual(['working', 'working', 'refused']);
    expect(await works[2]?.answer).toMatchObject({
      code: 'TOO_MANY_ATTEMPTS',
      retryAfterSeconds: 1,
      quota: null,
    });
    expect(refused).toEqual(['login']);
    expect(states([await begin({ email: 'bob@example.com' })])).toEqual(['working']);
    works[0]?.end();
    works[1]?.fail();
    expect(await works[0]?.answer).toBe('done');
    await expect(works[1]?.answer).rejects.toThrow('broken');
    expect(states([await begin(), await begin(), await begin()])).toEqual([
      'working',
      'working',
      'refused',
    ]);
  });

  it('are limited for an address over all accounts, and for a whole /64 of IPv6', async () => {
    const { begin } = openShares();
    const at = (host: number) =>
      begin({ email: `${host}@example.com`, address: `2001:db8::${host}` });
    const works = [await at(1), await at(2), await at(3), await at(4)];
    expect(states(works)).toEqual(['working', 'working', 'working', 'refused']);
    works[0]?.end();
    await works[0]?.answer;
    expect(states([await at(5), await at(6)])).toEqual(['working', 'refused']);
  });

  it('are reserved for addresses that the account knows', async () => {
    const { begin } = openShares();
    await begin({ address: '1.1.1.1' });
    await begin({ address: '1.1.1.2' });
    const own = () => begin({ address: '9.9.9.9', isKnown: async () => true });
    expect(states([await own(), await own(), await own()])).toEqual([
      'working',
      'working',
      'refused',
    ]);
  });

  it('of an address are released when the account has none left, or the store fails', async () => {
    const { begin } = openShares();
    await begin();
    await begin();
    const failing = { address: '1.1.1.1', isKnown: () => Promise.reject(new Error('store')) };
    for (let time = 0; time < 5; time += 1) {
      expect(states([await begin({ address: '1.1.1.1' })])).toEqual(['refused']);
      await expect((await begin(failing)).answer).rejects.toThrow('store');
    }
    expect(states([await begin({ email: 'bob@example.com', address: '1.1.1.1' })])).toEqual([
      'working',
    ]);
  });

  it('are separate for each operation: registrations do not block sign-ins', async () => {
    const { begin } = openShares();
    await begin({ operation: 'register' });
    await begin({ operation: 'register' });
    expect(states([await begin({ operation: 'register' }), await begin()])).toEqual([
      'refused',
      'working',
    ]);
  });

  it('are handed over in order of arrival, and the number of waiting requests is limited', async () => {
    const { begin, refused } = openShares({ waiting: 2, waitMs: 60_000 });
    const works = [await begin(), await begin(), await begin(), await begin(), await begin()];
    expect(states(works)).toEqual(['working', 'working', 'waiting', 'waiting', 'refused']);
    works[1]?.end();
    await turn();
    expect(works[2]?.state).toBe('working');
    expect(works[3]?.state).toBe('waiting');
    expect(states([await begin(), await begin()])).toEqual(['waiting', 'refused']);
    works[0]?.fail();
    works[2]?.end();
    await turn();
    expect(works[3]?.state).toBe('working');
    expect(refused).toEqual(['login', 'login']);
  });

  it('of the address are free while requests wait for the account', async () => {
    const { begin } = openShares({ waiting: 10, waitMs: 60_000 });
    for (let host = 1; host <= 6; host += 1) await begin({ address: `1.1.1.${host}` });
    expect(states([await begin({ email: 'bob@example.com' })])).toEqual(['working']);
  });

  it('are refused after the wait, and not handed over to a refused request', async () => {
    const { begin } = openShares({ waiting: 10, waitMs: 20 });
    const works = [await begin(), await begin()];
    const late = await begin();
    expect(await late.answer).toMatchObject({ code: 'TOO_MANY_ATTEMPTS' });
    works[0]?.end();
    works[1]?.end();
    await works[1]?.answer;
    expect(states([await begin(), await begin()])).toEqual(['working', 'working']);
  });
});
