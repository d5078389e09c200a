import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { freePort } from '../postgres/free-port.ts';
import { SERVICES } from '../services.ts';
import { APPS } from './apps.ts';
import { checkPorts } from './ports.ts';
import { readSettings } from './settings.ts';

const NOTHING = { runningPid: undefined, leftoverPort: undefined };
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

  it('is content when all are free', async () => {
    await expect(checkPorts(settings({}), NOTHING)).resolves.toBeUndefined();
  });

  it('names the variable, the port and who has it', async () => {
    await expect(checkPorts(settings({ ORDER_PORT: String(taken) }), NOTHING)).rejects.toThrow(
      `ORDER_PORT ${taken}: in use by pid ${process.pid} (`,
    );
  });

  it('names a private port that is taken', async () => {
    const given = { ORDER_METRICS_PORT: String(taken) };
    await expect(checkPorts(settings(given), NOTHING)).rejects.toThrow(
      `ORDER_METRICS_PORT ${taken}: in use by pid ${process.pid} (`,
    );
  });

  it("says that it is this clone's own shop that runs", async () => {
    const own = { runningPid: 4711, leftoverPort: undefined };
    await expect(checkPorts(settings({}), own)).rejects.toThrow(
      "This clone's shop is already running (npm start is pid 4711).",
    );
  });

  it('does not mind a Postgres that an earlier run left behind, which is stopped in time', async () => {
    const own = { runningPid: undefined, leftoverPort: taken };
    await expect(
      checkPorts(settings({ POSTGRES_PORT: String(taken) }), own),
    ).resolves.toBeUndefined();
  });

  it('does not ask for the port of Postgres when the databases are elsewhere', async () => {
    const elsewhere = Object.fromEntries(
      SERVICES.map((name) => [`${name.toUpperCase()}_DATABASE_URL`, 'x']),
    );
    await expect(
      checkPorts(settings({ ...elsewhere, POSTGRES_PORT: String(taken) }), NOTHING),
    ).resolves.toBeUndefined();
  });
});
