import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { PASSWORD } from '../../bench/production/customers.ts';
import type { Replicas } from './open-replicas.ts';

const MAIN = path.resolve(import.meta.dirname, '..', '..', 'run', 'main.ts');

/**
 * Runs the stories that fit any shop against this one, as `npm run e2e -- --url` does.
 * @param admin the e-mail address of an administrator
 * @returns one sentence when a story failed
 */
export const runStories = async (
  { originOf, logDir }: Pick<Replicas, 'originOf' | 'logDir'>,
  admin: string,
): Promise<readonly string[]> => {
  const words = [
    ...['--url', originOf('rest'), '--graphql', `${originOf('router')}/graphql`],
    ...['--report', path.join(logDir, 'stories')],
  ];
  const child = spawn(process.execPath, [MAIN, ...words], {
    stdio: 'inherit',
    env: { ...process.env, E2E_ADMIN_EMAIL: admin, E2E_ADMIN_PASSWORD: PASSWORD },
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code === 0 ? [] : [`the stories ended with ${code}; see ${logDir}/stories`];
};
