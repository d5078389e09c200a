/**
 * `npm run e2e`: the stories of customers and administrators, against a whole shop that it starts, or
 * against one that is started already (`--url`). The report is below artifacts/e2e.
 */
import path from 'node:path';
import { EXIT, makeProgram, Option, runProgram } from '@cartograph/command';
import { graphAddressOf, readAddress } from './read-address.ts';
import { runAgainstRemote, runStories } from './run-stories.ts';
import { listStoryFiles, type StoryFile } from './story-files.ts';

type Options = {
  readonly url?: string;
  readonly graphql?: string;
  readonly adminEmail: string;
  readonly adminPassword: string;
  readonly report: string;
};

/** The files of these names, all if there are none. @throws the command line's own error */
const choose = (names: readonly string[]): readonly StoryFile[] => {
  const all = listStoryFiles();
  const unknown = names.find((name) => !all.some((story) => story.name === name));
  if (unknown !== undefined) {
    program.error(
      `error: no story is called '${unknown}': ${all.map(({ name }) => name).join(', ')}.`,
    );
  }
  return names.length === 0 ? all : all.filter(({ name }) => names.includes(name));
};

const run = async (names: readonly string[], options: Options): Promise<void> => {
  const { url, graphql, adminEmail: email, adminPassword: password } = options;
  const folder = path.resolve(options.report);
  const chosen = choose(names);
  if (url === undefined) {
    if (graphql !== undefined) program.error("error: option '--graphql <url>' needs --url.");
    process.exitCode = await runStories(chosen, folder);
    return;
  }
  const [local, anywhere] = [
    chosen.filter(({ localReason }) => localReason !== null),
    chosen.filter(({ localReason }) => localReason === null),
  ];
  if (anywhere.length === 0) {
    program.error("error: none of these stories can be run with '--url'; they need a shop here.");
  }
  const remote = { restUrl: url, graphUrl: graphql ?? graphAddressOf(url) };
  console.log(`${anywhere.length} of ${chosen.length} files run against ${url}.`);
  if (local.length > 0) console.log('Left out, since the shop is not started here:');
  for (const { name, localReason } of local) console.log(`  ${name}: ${localReason}`);
  process.exitCode = await runAgainstRemote(anywhere, folder, remote, { email, password });
};

const program = makeProgram('npm run e2e --', 'Runs the stories of customers against a whole shop.')
  .argument('[stories...]', 'names of files in e2e/stories or e2e/local; all, if not given')
  .option(
    '--url <url>',
    'the REST API of a started shop; if not given, a shop is started',
    readAddress,
  )
  .option('--graphql <url>', 'its GraphQL API, if that is not on port 4000', readAddress)
  .addOption(
    new Option('--admin-email <email>', 'an administrator of the shop at --url')
      .env('E2E_ADMIN_EMAIL')
      .default('admin@example.com'),
  )
  .addOption(
    new Option('--admin-password <password>', 'better set as a variable: others see arguments')
      .env('E2E_ADMIN_PASSWORD')
      .default('cartograph-admin', 'that of the demo'),
  )
  .option('--report <dir>', 'the folder of the report', 'artifacts/e2e')
  .addHelpText(
    'after',
    `\nExits with ${EXIT.failed} when a story failed or the shop does not answer.`,
  )
  .action(run);

process.exitCode = await runProgram(program, process.argv.slice(2));
