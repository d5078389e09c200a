import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { SERVICES, variableOf, type ServiceName } from '../../services.ts';

const main = path.resolve(import.meta.dirname, '..', 'main.ts');

/** Starts `npm run backup -- <words>` on the databases at these addresses. */
export const startBackup = (urlOf: (service: ServiceName) => string, ...words: string[]) => {
  const urls = SERVICES.map((service) => [variableOf(service, 'DATABASE_URL'), urlOf(service)]);
  const child: ChildProcess = spawn(process.execPath, [main, ...words], {
    env: { ...process.env, ...Object.fromEntries(urls) },
  });
  const code = new Promise<number | null>((resolve) => child.once('close', resolve));
  const read = (stream: NodeJS.ReadableStream | null) => (stream ? text(stream) : '');
  const ended = Promise.all([code, read(child.stdout), read(child.stderr)]).then(
    ([exitCode, out, err]) => ({ exitCode, out, err }),
  );
  return { child, ended };
};
