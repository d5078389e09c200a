import fs from 'node:fs';
import { stopLeftover } from './leftover.ts';
import { checkStandIn, standInDataDir } from './placement.ts';

/**
 * Removes the data of a Postgres wherever it was placed, after stopping a server still on it.
 * @throws {PostgresFailure} when that server does not stop, or `runtimeDir` is another user's
 */
export async function removePostgresData(options: {
  readonly dataDir: string;
  readonly runtimeDir: string;
  readonly log: (line: string) => void;
}): Promise<void> {
  const places = [options.dataDir];
  if (process.getuid?.() === 0 && fs.existsSync(options.runtimeDir)) {
    checkStandIn(options.runtimeDir);
    places.push(standInDataDir(options.runtimeDir));
  }
  for (const place of places) {
    await stopLeftover(place, options.log);
    fs.rmSync(place, { recursive: true, force: true });
  }
}
