/**
 * `npm run flag -- payment.slow=2s`: slows down or fails a process of the shop of `npm start`, or its
 * payment provider, while it runs: for drills. `-- off` ends all of it; without words it lists what is on.
 */
import path from 'node:path';
import { makeProgram, readShop, runProgram } from '@cartograph/command';
import { DRILL_PARTS } from '@cartograph/http';
import { readSettings } from '../start/settings.ts';
import { APPS, type AppName } from '../services.ts';
import { makeDrillClient, type Faults } from './drill-client.ts';
import { readFlag, type Flag } from './read-flag.ts';

const root = path.resolve(import.meta.dirname, '..', '..');

const OFF = 'off';

const describeFaults = (app: AppName, faults: Faults): readonly string[] =>
  DRILL_PARTS.flatMap((part) => {
    const { slowMs, fails } = faults[part];
    const target = part === 'provider' ? part : app;
    return [
      ...(slowMs > 0 ? [`${target}.slow=${slowMs}ms`] : []),
      ...(fails ? [`${target}.fail=on`] : []),
    ];
  });

const run = async (flags: readonly (Flag | typeof OFF)[]): Promise<void> => {
  const given = readShop(process.env, root);
  const metricsHost = given['METRICS_HOST'] ?? '127.0.0.1';
  const { metricsPorts } = readSettings(given, root);
  const client = makeDrillClient({ metricsHost, metricsPorts });
  const reached = APPS.filter((app) => metricsPorts[app] > 0);
  const allOff = reached.flatMap((app) =>
    DRILL_PARTS.flatMap((part): readonly Flag[] => [
      { app, part, change: { slowMs: 0 } },
      { app, part, change: { fails: false } },
    ]),
  );
  for (const flag of flags) {
    for (const one of flag === OFF ? allOff : [flag]) await client.set(one);
  }
  const on = [];
  for (const app of reached) on.push(...describeFaults(app, await client.read(app)));
  console.log(on.length > 0 ? on.join('\n') : 'No flag is on.');
  for (const app of APPS.filter((name) => !reached.includes(name))) {
    console.log(`${app} takes no flags: ${app.toUpperCase()}_METRICS_PORT is not set.`);
  }
};

const program = makeProgram('npm run flag --', 'Faults of a running shop, for drills.')
  .argument(
    '[flags...]',
    `such as payment.slow=2s, user.fail=on, provider.slow=off; \`${OFF}\` ends all of them`,
    (text: string, before: readonly (Flag | typeof OFF)[] = []) => [
      ...before,
      text === OFF ? OFF : readFlag(text),
    ],
  )
  .action((flags: readonly (Flag | typeof OFF)[] = []) => run(flags));

process.exitCode = await runProgram(program, process.argv.slice(2));
