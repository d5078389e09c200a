import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeSubgraphCaller } from '@cartograph/testing';
import { count, login, repeat, RESULT, type Result } from './attempts.ts';
import { openUser, PASSWORD, type UserService } from './open-user.ts';

const tooMany = {
  __typename: 'TooManyAttemptsProblem',
  code: 'TOO_MANY_ATTEMPTS',
  message: 'Too many attempts; try again later.',
};

describe('wrong passwords', () => {
  let service: UserService;
  beforeAll(async () => {
    service = await openUser({ HASHES_PER_ACCOUNT: '60', HASHES_PER_ADDRESS: '60' });
  });
  afterAll(() => service.close());

  it('are refused after ten for one account and address, even if there is no such account', async () => {
    await service.register('known@example.com');
    const known = await repeat(12, () => login(service.send, 'known@example.com', '10.0.0.1'));
    const unknown = await repeat(12, () => login(service.send, 'unknown@example.com', '10.0.0.1'));
    const withoutTimes = (results: Result[]) =>
      results.map(({ retryAfterSeconds: _, ...result }) => result);
    expect(withoutTimes(unknown)).toEqual(withoutTimes(known));
    expect(count(known, 'InvalidCredentialsProblem')).toBe(10);
    expect(known[10]).toEqual({
      ...tooMany,
      retryAfterSeconds: expect.any(Number),
      quota: { limit: 10, windowSeconds: 900 },
    });
    // Of 15 minutes, less what the attempts took.
    expect(known[10]?.retryAfterSeconds).toBeGreaterThan(600);
    expect(known[10]?.retryAfterSeconds).toBeLessThanOrEqual(900);
    const right = await login(service.send, 'KNOWN@example.com', '10.0.0.1', PASSWORD);
    expect(right.code).toBe('TOO_MANY_ATTEMPTS');
    const elsewhere = await login(service.send, 'known@example.com', '10.0.0.2', PASSWORD);
    expect(elsewhere.__typename).toBe('Session');
  });

  it('count separately when one request has thirty', async () => {
    const fields = Array.from(
      { length: 30 },
      (_, index) =>
        `a${index}: login(input: { email: "alias@example.com", password: "${index}" }) { ${RESULT} }`,
    );
    const { data } = await service.send(`mutation { ${fields.join(' ')} }`, {}, undefined, {
      'x-client-address': '10.0.0.3',
    });
    const results = Object.values(data as Record<string, Result>);
    expect(count(results, 'InvalidCredentialsProblem')).toBe(10);
    expect(count(results, 'TooManyAttemptsProblem')).toBe(20);
  });

  it('count separately in thirty concurrent requests', async () => {
    const results = await Promise.all(
      Array.from({ length: 30 }, () => login(service.send, 'crowd@example.com', '10.0.0.4')),
    );
    expect(count(results, 'InvalidCredentialsProblem')).toBe(10);
    expect(count(results, 'TooManyAttemptsProblem')).toBe(20);
  });

  it('are no longer counted after the right one', async () => {
    await service.register('reset@example.com');
    const wrong = () => login(service.send, 'reset@example.com', '10.0.0.5');
    await repeat(9, wrong);
    const right = await login(service.send, 'reset@example.com', '10.0.0.5', PASSWORD);
    expect(right.__typename).toBe('Session');
    expect(count(await repeat(11, wrong), 'InvalidCredentialsProblem')).toBe(10);
  });

  it('do not include concurrent sign-ins with the right one', async () => {
    await service.register('many@example.com');
    const results = await Promise.all(
      Array.from({ length: 60 }, () =>
        login(service.send, 'many@example.com', '10.0.0.6', PASSWORD),
      ),
    );
    expect(count(results, 'Session')).toBe(60);
  });

  it('from many addresses are refused, and the owner signs in from a known address', async () => {
    await service.register('owner@example.com');
    const own = () => login(service.send, 'owner@example.com', '10.0.0.7', PASSWORD);
    expect((await own()).__typename).toBe('Session');
    const flood = await Promise.all(
      Array.from({ length: 50 }, (_, host) =>
        repeat(3, () => login(service.send, 'owner@example.com', `10.0.1.${host}`)),
      ),
    );
    expect(count(flood.flat(), 'InvalidCredentialsProblem')).toBe(100);
    expect(count(flood.flat(), 'TooManyAttemptsProblem')).toBe(50);
    const unknown = await login(service.send, 'owner@example.com', '10.0.2.1', PASSWORD);
    expect(unknown.code).toBe('TOO_MANY_ATTEMPTS');
    expect((await own()).__typename).toBe('Session');
  });
});

describe('a crowd of concurrent sign-ins', () => {
  let service: UserService;
  beforeAll(async () => {
    service = await openUser({ HASHES_PER_ADDRESS: '12', HASHES_WAIT_MS: '60000' });
  });
  afterAll(() => service.close());

  const crowd = (size: number, sender: (index: number) => [email: string, address: string]) =>
    Promise.all(
      Array.from({ length: size }, (_, index) => login(service.send, ...sender(index), PASSWORD)),
    );

  const signIn = (email: string, address: string) => login(service.send, email, address, PASSWORD);

  it('to one account waits for shares of that account, and does not fill the queue', async () => {
    await service.register('popular@example.com');
    await service.register('bystander@example.com');
    let isOver = false;
    const results = crowd(40, (index) => ['popular@example.com', `10.3.0.${index}`]);
    void results.then(() => (isOver = true));
    const bystander = await signIn('bystander@example.com', '10.3.1.1');
    expect([bystander.__typename, isOver]).toEqual(['Session', false]);
    expect(count(await results, 'Session')).toBe(40);
  });

  it('to one account is refused when too many wait', async () => {
    const narrow = await openUser({ HASHES_PER_ACCOUNT: '1', HASHES_WAITING: '1' });
    await narrow.register('popular@example.com');
    const results = await Promise.all(
      Array.from({ length: 20 }, () =>
        login(narrow.send, 'popular@example.com', '10.6.0.1', PASSWORD),
      ),
    );
    const refused = results.filter(({ code }) => code === 'TOO_MANY_ATTEMPTS');
    expect(refused.length).toBeGreaterThan(0);
    expect(count(results, 'Session')).toBe(20 - refused.length);
    expect(refused[0]).toEqual({ ...tooMany, retryAfterSeconds: 1, quota: null });
    await narrow.close();
  });

  it('to one account does not block a sign-in from a known address', async () => {
    await service.register('owner@example.com');
    const own = () => signIn('owner@example.com', '10.4.1.1');
    expect((await own()).__typename).toBe('Session');
    const strangers = crowd(50, (index) => ['owner@example.com', `10.4.0.${index}`]);
    expect((await own()).__typename).toBe('Session');
    await strangers;
  });

  it('from one address to many accounts waits for shares of the address', async () => {
    await service.register('elsewhere@example.com');
    const results = crowd(40, (index) => [`unknown-${index}@example.com`, '10.5.0.1']);
    expect((await signIn('elsewhere@example.com', '10.5.0.2')).__typename).toBe('Session');
    expect(count(await results, 'InvalidCredentialsProblem')).toBe(40);
  });
});

describe('two replicas that count in Postgres', () => {
  it('share their counts, and store neither addresses nor e-mails', async () => {
    const service = await openUser({ THROTTLE_STORE: 'postgres' });
    const second = await service.openReplica();
    const senders = [service.send, makeSubgraphCaller(second)];
    await service.register('two@example.com');
    const results = await Promise.all(
      Array.from({ length: 30 }, (_, index) =>
        login(senders[index % 2] ?? service.send, 'two@example.com', '10.2.0.1'),
      ),
    );
    expect(count(results, 'InvalidCredentialsProblem')).toBe(10);
    const right = () => login(senders[1] ?? service.send, 'two@example.com', '10.2.0.2', PASSWORD);
    expect((await right()).__typename).toBe('Session');
    const rows = await service.database.query('SELECT * FROM attempt_counts, known_addresses');
    expect(rows.length).toBeGreaterThan(0);
    expect(JSON.stringify(rows)).not.toMatch(/two|example|10\.2/);
    await service.database.query('DROP TABLE attempt_counts');
    expect((await right()).__typename).toBe('Session');
    await second.close();
    await service.close();
  });
});
