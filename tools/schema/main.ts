/**
 * `npm run schema` writes what is derived from the graph for those who read it: what each operation
 * fetches. `npm run schema:check` judges a change of the graph, and fails unless it is safe or explained.
 */
import { appendFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { CommandFailure, EXIT, makeProgram, runProgram } from '@cartograph/command';
import { format, resolveConfig } from 'prettier';
import { checkSchema, FETCHES_FILE, readFetches } from './check-schema.ts';
import { printReport } from './report/print-report.ts';
import { renderMarkdown } from './report/render-markdown.ts';

const ROOT = path.resolve(import.meta.dirname, '..', '..');

const write = async (): Promise<void> => {
  const filepath = path.join(ROOT, FETCHES_FILE);
  const text = JSON.stringify(await readFetches(ROOT));
  const style = await resolveConfig(filepath);
  await writeFile(filepath, await format(text, { ...style, filepath }));
};

const check = async ({ markdown }: { markdown?: string }): Promise<void> => {
  const report = await checkSchema(ROOT);
  for (const line of printReport(report)) console.log(line);
  const page = `${renderMarkdown(report)}\n`;
  const summary = process.env['GITHUB_STEP_SUMMARY'];
  if (summary) await appendFile(summary, page);
  if (markdown !== undefined) await writeFile(markdown, page);
  if (!report.isPassed) process.exitCode = EXIT.failed;
};

/** A graph that does not compose, or a file that can't be written, is no bug of this command. */
const explain =
  <Options>(action: (options: Options) => Promise<void>) =>
  async (options: Options): Promise<void> => {
    try {
      await action(options);
    } catch (cause) {
      if (cause instanceof CommandFailure) throw cause;
      const message = cause instanceof Error ? cause.message : String(cause);
      throw new CommandFailure(EXIT.failed, message, { cause });
    }
  };

const program = makeProgram('node tools/schema/main.ts', 'The graph as a product.');
program
  .command('write')
  .description('writes what is derived from the graph')
  .action(explain(write));
program
  .command('check')
  .description('judges the graph, and what changed since main; writes nothing in the workspace')
  .option('--markdown <file>', 'writes the report as Markdown, too')
  .action(explain(check));

process.exitCode = await runProgram(program, process.argv.slice(2));
