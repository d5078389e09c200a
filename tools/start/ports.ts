import { once } from 'node:events';
import net from 'node:net';
import { CommandFailure, EXIT } from '@cartograph/command';
import { type AppName, variableOf } from '../services.ts';
import type { Settings } from './settings.ts';

/**
 * Checks that every port of the shop is free, by listening on each for an instant.
 * @param leftoverPort of a Postgres that an earlier run left behind, which is stopped later
 * @throws CommandFailure with the ports that can't be used and the variables that set them
 */
export const checkPorts = async (
  settings: Settings,
  leftoverPort: number | undefined,
): Promise<void> => {
  const problems: string[] = [];
  for (const { variable, port, addresses } of listPorts(settings)) {
    if (port === leftoverPort) continue;
    const codes: (string | undefined)[] = [];
    // One after another: 0.0.0.0 and 127.0.0.1 are in each other's way.
    for (const address of addresses) codes.push(await tryToListen(port, address));
    const index = codes.findIndex((code) => code !== undefined);
    if (index < 0) continue;
    const isBusy = codes[index] === 'EADDRINUSE';
    const problem = isBusy ? 'in use' : `can't listen on ${addresses[index]} (${codes[index]})`;
    problems.push(`\n  ${variable} ${port}: ${problem}`);
  }
  if (problems.length === 0) return;
  throw new CommandFailure(
    EXIT.failed,
    `Nothing was started, since these ports can't be used:${problems.join('')}\n` +
      'Stop the processes that use them, or set the variables to other ports.',
  );
};

const listPorts = ({ ports, metricsPorts, host, embedded, prometheusPort }: Settings) => {
  const local = ['127.0.0.1'];
  const everywhere = [...new Set([...local, host])];
  const list = (of: Settings['metricsPorts'], suffix: string, addresses: readonly string[]) =>
    Object.entries(of).map(([name, port]) => {
      return { port, variable: variableOf(name as AppName, suffix), addresses };
    });
  const { postgres, ...appPorts } = ports;
  return [
    ...list(appPorts, 'PORT', everywhere),
    ...(embedded ? [{ port: postgres, variable: 'POSTGRES_PORT', addresses: local }] : []),
    ...list(metricsPorts, 'METRICS_PORT', local).filter(({ port }) => port > 0),
    ...(prometheusPort === null
      ? []
      : [{ port: prometheusPort, variable: 'PROMETHEUS_PORT', addresses: local }]),
  ];
};

/** Resolves to undefined when it worked, else to the error's code. */
const tryToListen = async (port: number, address: string): Promise<string | undefined> => {
  const server = net.createServer();
  try {
    await once(server.listen(port, address), 'listening');
    server.close();
    await once(server, 'close');
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
};
