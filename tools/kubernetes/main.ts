/**
 * `npm run kubernetes:render`: writes the rules of Prometheus as an object of Kubernetes, and renders the
 * overlays of docker/kubernetes/ into docker/kubernetes/rendered/, which tests check and reviewers read.
 * `npm run kubernetes:secrets`: prints the Secrets of the dev overlay.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { CommandFailure, EXIT, makeProgram, runProgram } from '@cartograph/command';
import { stringify } from 'yaml';
import { readDevSecrets } from './read-dev-secrets.ts';
import { renderOverlay } from './render-overlay.ts';
import { renderPrometheusRule, RULE_FILE } from './render-prometheus-rule.ts';
import { OVERLAYS, parseRendering, renderingFileOf } from './rendering.ts';

const NO_KUBECTL = 'There is no kubectl on this machine, which renders the manifests.';

const writeRule = async (check: boolean): Promise<void> => {
  const text = await renderPrometheusRule();
  const name = path.relative(process.cwd(), RULE_FILE);
  if (!check) {
    writeFileSync(RULE_FILE, text);
    console.log(`wrote ${name}`);
  } else if (!existsSync(RULE_FILE) || readFileSync(RULE_FILE, 'utf8') !== text) {
    console.error(`${name} is stale: run npm run kubernetes:render, and commit what it changes.`);
    process.exitCode = EXIT.failed;
  }
};

const render = async ({ check = false }: { readonly check?: boolean }): Promise<void> => {
  await writeRule(check);
  for (const overlay of OVERLAYS) {
    const text = renderOverlay(overlay);
    const file = renderingFileOf(overlay);
    if (text === null) {
      if (!check) throw new CommandFailure(EXIT.failed, NO_KUBECTL);
      console.log(`${NO_KUBECTL} The committed ones are not compared.`);
      return;
    }
    if (!check) {
      writeFileSync(file, text);
      console.log(`wrote ${path.relative(process.cwd(), file)}`);
      continue;
    }
    // Objects, since another version of kubectl may write the same ones in another way.
    const committed = existsSync(file) ? parseRendering(readFileSync(file, 'utf8')) : [];
    if (!isDeepStrictEqual(committed, parseRendering(text))) {
      console.error(`${overlay}: the rendering is not that of the manifests.`);
      console.error('Run npm run kubernetes:render, and commit what it changes.');
      process.exitCode = EXIT.failed;
    }
  }
};

/** A second run prints the same. */
const printSecrets = (): void =>
  console.log(
    readDevSecrets()
      .map((object) => stringify(object))
      .join('---\n'),
  );

const program = makeProgram('npm run kubernetes:', 'The manifests of docker/kubernetes/.');

program
  .command('render')
  .description('writes the PrometheusRule, and renders the overlays into rendered/, with kubectl')
  .option('--check', 'only compares them with what is committed, if there is a kubectl')
  .action(render);
program
  .command('secrets')
  .description('prints the Secrets of the dev overlay, made on the first call, for kubectl apply')
  .action(printSecrets);

process.exitCode = await runProgram(program, process.argv.slice(2));
