/**
 * `npm run dashboards`: writes the dashboards of docker/grafana/dashboards/ from their descriptions in
 * this folder; with `-- --check` it only compares.
 */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { EXIT, makeProgram, runProgram } from '@cartograph/command';
import { format, resolveConfig } from 'prettier';
import { DASHBOARDS } from './dashboards.ts';
import { renderDashboard } from './render-dashboard.ts';

const root = path.resolve(import.meta.dirname, '..', '..');
const folder = path.join(root, 'docker', 'grafana', 'dashboards');

const makeFiles = async (): Promise<ReadonlyMap<string, string>> => {
  const files = new Map<string, string>();
  for (const dashboard of DASHBOARDS) {
    const file = path.join(folder, `${dashboard.uid}.json`);
    const options = { ...(await resolveConfig(file)), filepath: file };
    files.set(file, await format(JSON.stringify(renderDashboard(dashboard)), options));
  }
  return files;
};

const run = async ({ check }: { readonly check: boolean }): Promise<void> => {
  const files = await makeFiles();
  await mkdir(folder, { recursive: true });
  if (!check) {
    for (const [file, text] of files) await writeFile(file, text);
    return;
  }
  const stale = [];
  for (const [file, text] of files) {
    if ((await readFile(file, 'utf8').catch(() => '')) !== text) stale.push(file);
  }
  const unknown = (await readdir(folder)).map((name) => path.join(folder, name));
  stale.push(...unknown.filter((file) => !files.has(file)));
  for (const file of stale) console.error(`${path.relative(root, file)} is stale.`);
  if (stale.length === 0) return;
  console.error(
    'Run npm run dashboards and commit what it changes; delete what it does not write.',
  );
  process.exitCode = EXIT.failed;
};

const program = makeProgram('npm run dashboards --', 'Writes the dashboards of Grafana.')
  .option('--check', 'writes nothing, and fails where a committed dashboard is stale', false)
  .action(run);

process.exitCode = await runProgram(program, process.argv.slice(2));
