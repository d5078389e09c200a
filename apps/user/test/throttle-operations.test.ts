import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RESULT, repeat, type Result } from './attempts.ts';
import { openUser, PASSWORD, type UserService } from './open-user.ts';

describe('the throttle', () => {
  let service: UserService;
  beforeAll(async () => {
    service = await openUser({
      REGISTRATIONS_PER_ADDRESS: '2',
      REFRESH_FAILURES_PER_ADDRESS: '2',
      PASSWORD_CHANGE_FAILURES: '2',
    });
  });
  afterAll(() => service.close());

  const from = (address: string) => ({ 'x-client-address': address });

  it('limits registrations from an address', async () => {
    const register = async (name: number, address: string) => {
      const { data } = await service.send(
        `mutation { register(input: { email: "r${name}@example.com", password: "${PASSWORD}" }) {
           ${RESULT} } }`,
        {},
        undefined,
        from(address),
      );
      return (data.register as Result).__typename;
    };
    expect(await repeat(3, (name) => register(name, '10.1.0.1'))).toEqual([
      'Session',
      'Session',
      'TooManyAttemptsProblem',
    ]);
    expect(await register(3, '10.1.0.2')).toBe('Session');
  });

  it('limits invalid refresh tokens from an address, and no valid ones', async () => {
    const refresh = async (refreshToken: string, address: string) => {
      const { data } = await service.send(
        `mutation ($input: RefreshSessionInput!) { refreshSession(input: $input) {
           ${RESULT} ... on Session { refreshToken } } }`,
        { input: { refreshToken } },
        undefined,
        from(address),
      );
      return data.refreshSession as Result & { refreshToken: string };
    };
    let { refreshToken } = await service.register('refresh@example.com');
    for (let round = 0; round < 5; round += 1) {
      ({ refreshToken } = await refresh(refreshToken, '10.1.0.3'));
    }
    const bad = await repeat(3, () => refresh('nonsense', '10.1.0.3'));
    expect(bad.map(({ code }) => code)).toEqual([
      'INVALID_REFRESH_TOKEN',
      'INVALID_REFRESH_TOKEN',
      'TOO_MANY_ATTEMPTS',
    ]);
    expect((await refresh(refreshToken, '10.1.0.4')).__typename).toBe('Session');
  });

  it('limits wrong passwords in changes of a password', async () => {
    const { accessToken } = await service.register('change@example.com');
    const change = async (current: string) => {
      const { data } = await service.send(
        `mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { ${RESULT} } }`,
        { input: { currentPassword: current, newPassword: `${PASSWORD}!` } },
        `Bearer ${accessToken}`,
      );
      return (data.changePassword as Result).__typename;
    };
    expect(await repeat(2, () => change('not this one'))).toEqual(
      Array(2).fill('InvalidCredentialsProblem'),
    );
    expect(await change(PASSWORD)).toBe('TooManyAttemptsProblem');
  });
});
