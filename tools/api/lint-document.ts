import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const CONFIG = path.join(import.meta.dirname, 'redocly.yaml');

/** More than anyone corrects at once. */
const MAX_FINDINGS = 200;

/** Nothing is sent to the maker of the tool, and nothing asked of a registry. */
const QUIET = { REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true', NO_COLOR: '1' };

type Finding = {
  readonly ruleId: string;
  readonly message: string;
  readonly location?: readonly { readonly pointer?: string }[];
};

/**
 * Checks an OpenAPI document by the rules of `redocly.yaml`: one sentence for each error or warning. No
 * network is needed.
 * @throws when Redocly does not run
 */
export const lintDocument = async (root: string, file: string): Promise<readonly string[]> => {
  const command = path.join(root, 'node_modules', '@redocly', 'cli', 'bin', 'cli.js');
  const words = ['lint', file, '--config', CONFIG, '--format', 'json'];
  const limit = ['--max-problems', String(MAX_FINDINGS)];
  const options = { cwd: root, env: { ...process.env, ...QUIET }, maxBuffer: 50_000_000 };
  // It fails when it finds an error, and prints what it found all the same.
  const { stdout } = await run(process.execPath, [command, ...words, ...limit], options).catch(
    (error: unknown) => {
      const { stdout: found = '' } = error as { readonly stdout?: string };
      if (found === '') throw error;
      return { stdout: found };
    },
  );
  const { problems } = JSON.parse(stdout) as { readonly problems: readonly Finding[] };
  return problems.map(
    ({ ruleId, message, location }) =>
      `${ruleId}: ${message} (${location?.[0]?.pointer ?? 'the document'})`,
  );
};
