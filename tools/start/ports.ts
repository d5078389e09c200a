import { once } from 'node:events';
import net from 'node:net';
import { describeHolder } from './port-holder.ts';
import { Refusal } from './refusal.ts';
import type { Settings } from './settings.ts';

/** A port the shop needs and the variable that sets it. */
interface NeededPort {
  readonly port: number;
  readonly variable: string;
  readonly addresses: readonly string[];
}

/** What of this clone's own runs already. */
export interface OwnProcesses {
  readonly runningPid: number | undefined;
  readonly leftoverPort: number | undefined;
}

/**
 * Checks that every port of the shop is free, by listening on each for a moment.
 * @param own.runningPid the pid of this clone's own shop when it is running, to say so
 * @param own.leftoverPort a port held by what an earlier run left behind: it will be free in time
 * @throws {Refusal} naming the ports that can't be had, and who has them
 */
export async function checkPorts(settings: Settings, own: OwnProcesses): Promise<void> {
  const { runningPid, leftoverPort } = own;
  const problems: string[] = [];
  for (const needed of neededPorts(settings)) {
    if (runningPid === undefined && needed.port === leftoverPort) continue;
    const problem = await findProblem(needed);
    if (problem) problems.push(`${needed.variable} ${needed.port}: ${problem}`);
  }
  if (runningPid !== undefined) {
    const lines = problems.length > 0 ? `, on these ports:${list(problems)}` : '.';
    throw new Refusal(
      `This clone's shop is already running (npm start is pid ${runningPid})${lines}`,
    );
  }
  if (problems.length > 0) {
    throw new Refusal(
      `Nothing was started, since these ports can't be used:${list(problems)}\n` +
        'Stop what uses them, or set the variables to other ports.',
    );
  }
}

function neededPorts({ ports, metricsPorts, host, embedded }: Settings): NeededPort[] {
  const ofMetrics = Object.entries(metricsPorts)
    .filter(([, port]) => port > 0)
    .map(([name, port]) => ({
      port,
      variable: `${name.toUpperCase()}_METRICS_PORT`,
      addresses: ['127.0.0.1'],
    }));
  const ofApps = Object.entries(ports)
    .filter(([name]) => name !== 'postgres' || embedded)
    .map(([name, port]) => ({
      port,
      variable: `${name.toUpperCase()}_PORT`,
      addresses: [...new Set(name === 'postgres' ? ['127.0.0.1'] : ['127.0.0.1', host])],
    }));
  return [...ofApps, ...ofMetrics];
}

async function findProblem({ port, addresses }: NeededPort): Promise<string | undefined> {
  for (const address of addresses) {
    const code = await tryToListen(port, address);
    if (code === 'EADDRINUSE') return `in use by ${describeHolder(port)}`;
    if (code !== undefined) return `${address} can't be listened on (${code})`;
  }
  return undefined;
}

/** Resolves to undefined when it worked, else to the error's code. */
async function tryToListen(port: number, address: string): Promise<string | undefined> {
  const server = net.createServer();
  try {
    server.listen(port, address);
    await once(server, 'listening');
    server.close();
    await once(server, 'close');
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
}

function list(lines: readonly string[]): string {
  return lines.map((line) => `\n  ${line}`).join('');
}
