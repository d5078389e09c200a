import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { freePort } from '../postgres/free-port.ts';
import { APPS, SERVICES, variableOf } from '../services.ts';
import { checkPorts } from './ports.ts';
import { readSettings } from './settings.ts';

const VARIABLES = [...APPS, 'postgres'].map((name) => name.toUpperCase());

describe('checkPorts', () => {
  const server = net.createServer();
  let taken = 0;
  let free: Record<string, string> = {};

  beforeEach(async () => {
    await once(server.listen(0, '127.0.0.1'), 'listening');
    taken = (server.address() as AddressInfo).port;
    const ports = new Set<number>();
    while (ports.size < VARIABLES.length) ports.add(await freePort());
    const list = [...ports];
    free = Object.fromEntries(VARIABLES.map((name, index) => [`${name}_PORT`, `${list[index]}`]));
  });
  afterEach(async () => {
    server.close();
    await once(server, 'close');
  });

  const settings = (given: Record<string, string>) => readSettings({ ...free, ...given }, '/repo');

  it('accepts ports that are all free', async () => {
    await expect(checkPorts(settings({}), undefined)).resolves.toBeUndefined();
  });

  it.each(['0.0.0.0'])('accepts free ports on all addresses: %s', async (host) => {
    await expect(checkPorts(settings({ HOST: host }), undefined)).resolves.toBeUndefined();
  });

  it('names the variable and the port that is taken', async () => {
    await expect(checkPorts(settings({ ORDER_PORT: String(taken) }), undefined)).rejects.toThrow(
      `ORDER_PORT ${taken}: in use\n`,
    );
  });

  it('names a private port that is taken', async () => {
    const given = { ORDER_METRICS_PORT: String(taken) };
    await expect(checkPorts(settings(given), undefined)).rejects.toThrow(
      `ORDER_METRICS_PORT ${taken}: in use\n`,
    );
  });

  it('names an address that this machine does not have', async () => {
    await expect(checkPorts(settings({ HOST: '203.0.113.1' }), undefined)).rejects.toThrow(
      /ROUTER_PORT \d+: can't listen on 203\.0\.113\.1 \(EADDRNOTAVAIL\)/,
    );
  });

  it('accepts the port of a Postgres that an earlier run left behind, which is stopped later', async () => {
    await expect(
      checkPorts(settings({ POSTGRES_PORT: String(taken) }), taken),
    ).resolves.toBeUndefined();
  });

  it('does not need the port of Postgres when the databases are elsewhere', async () => {
    const elsewhere = Object.fromEntries(
      SERVICES.map((name) => [variableOf(name, 'DATABASE_URL'), 'x']),
    );
    await expect(
      checkPorts(settings({ ...elsewhere, POSTGRES_PORT: String(taken) }), undefined),
    ).resolves.toBeUndefined();
  });
});
