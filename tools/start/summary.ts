import type { Variables } from '@cartograph/command';
import { readDemoAccounts } from './demo-passwords.ts';
import { privateAddresses } from './private-addresses.ts';
import { isLoopback, type Settings, urlHost } from './settings.ts';

/**
 * What is printed once the shop is ready: where it is, who to sign in as, what to try next.
 * @param options.prometheus its address, where it was started
 */
export const describeShop = (
  settings: Settings,
  environment: Variables,
  {
    logDir,
    readyMs,
    prometheus,
  }: { readonly logDir: string; readonly readyMs: number; readonly prometheus: string | null },
): string => {
  const { ports, host, embedded, stateDir } = settings;
  const address = urlHost(host) === '127.0.0.1' ? 'localhost' : urlHost(host);
  const at = (port: number, path: string): string => `http://${address}:${port}${path}`;
  const postgres = embedded
    ? `127.0.0.1:${ports.postgres}, passwords in ${stateDir}/dev.env`
    : 'the databases of the four *_DATABASE_URL';
  const accounts = readDemoAccounts(environment).map(
    ({ email, password }) => `  ${(email.split('@')[0] ?? '').padEnd(16)}${email} / ${password}`,
  );
  const { rest: privateRest } = privateAddresses(environment, settings);
  const observing = [
    ...(privateRest === undefined ? [] : [`  Status          http://${privateRest}/status\n`]),
    ...(prometheus === null ? [] : [`  Prometheus      ${prometheus}\n`]),
  ];
  const exposure = isLoopback(host)
    ? ''
    : `\nIt listens on ${host}, where others may reach it: the passwords above are this clone's own.\n`;
  return `
Cartograph is ready after ${(readyMs / 1000).toFixed(1)} s.

  Apollo Sandbox  ${at(ports.router, '/graphql')}
  GraphiQL        ${at(ports.router, '/graphiql')}
  REST            ${at(ports.rest, '/v1')}
  REST docs       ${at(ports.rest, '/docs')}
  Postgres        ${postgres}
${observing.join('')}
${accounts.join('\n')}

  logs            ${logDir}
  try             curl ${address}:${ports.rest}/v1/products
${exposure}
Ctrl-C stops all of it.`;
};
