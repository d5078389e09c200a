import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { EXIT } from '@cartograph/command';
import { SIGNALS } from '../../tools/test/run-child.ts';
import { runTests } from '../../tools/test/run-tests.ts';
import { readRecord } from '../report/read-record.ts';
import { signOutAll } from '../testkit/sign-out.ts';
import { checkRemote, type Remote } from './check-remote.ts';
import { cleanUp, type CleanUp } from './clean-up.ts';
import type { StoryFile } from './story-files.ts';
import { tryPurchase } from './try-purchase.ts';

const CONFIG = path.join(import.meta.dirname, 'vitest.config.ts');

/** Files of an earlier run must not look like those of this one. */
const REPORT_FILES = ['record.jsonl', 'report.html', 'junit.xml'] as const;

/** The exit code of a process that a signal ended is this and the signal's number. */
const SIGNALLED = 128;

const NOTHING_MADE: CleanUp = { sentences: [], isDirty: false };

/** Empties the folder of the report. @returns the variables that lead the tests to it */
const prepareFolder = (folder: string) => {
  mkdirSync(folder, { recursive: true });
  for (const file of REPORT_FILES) rmSync(path.join(folder, file), { force: true });
  return { E2E_REPORT: folder, E2E_RECORD: path.join(folder, REPORT_FILES[0]) };
};

const startTests = async (
  stories: readonly StoryFile[],
  environment: Readonly<Record<string, string>>,
): Promise<number> => {
  const files = stories.map(({ file }) => file);
  const code = await runTests(['--config', CONFIG, ...files], environment);
  if (code === 0) return EXIT.done;
  return code > SIGNALLED ? EXIT.stopped : EXIT.failed;
};

/** Runs stories against a shop that is started for them, and removed with all that they made. */
export const runStories = (stories: readonly StoryFile[], folder: string): Promise<number> =>
  startTests(stories, { ...prepareFolder(folder), E2E_REMOTE: '' });

/**
 * Removes what the run made in a remote shop, and says what stays.
 * @returns whether nothing stays that should not
 */
const removeTraces = async (recordFile: string): Promise<boolean> => {
  const lines = readRecord(recordFile);
  try {
    const isMade = lines.some(({ kind }) => kind === 'made');
    const { sentences, isDirty } = isMade ? await cleanUp(lines) : NOTHING_MADE;
    for (const sentence of sentences) console.log(sentence);
    await signOutAll();
    return !isDirty;
  } catch (error) {
    console.error(`The clean-up failed, so what the stories made stays: ${String(error)}`);
    return false;
  }
};

/**
 * Runs stories against a shop that is started already, and removes what they made there, also when
 * they were interrupted.
 * @throws CommandFailure when the shop does not answer, may take real money, or before the first story
 * was interrupted
 */
export const runAgainstRemote = async (
  stories: readonly StoryFile[],
  folder: string,
  remote: Remote,
  administrator: { readonly email: string; readonly password: string },
): Promise<number> => {
  await checkRemote(remote);
  const environment = {
    ...prepareFolder(folder),
    E2E_REMOTE: '1',
    E2E_REST_URL: remote.restUrl,
    E2E_GRAPH_URL: remote.graphUrl,
    E2E_ADMIN_EMAIL: administrator.email,
    E2E_ADMIN_PASSWORD: administrator.password,
  };
  // The kit of the stories sends the requests of this process, too.
  Object.assign(process.env, environment);
  // From here on the shop has something of this run: a signal must not end it before the clean-up.
  const interrupt = new AbortController();
  for (const name of SIGNALS) process.on(name, () => interrupt.abort());
  let code: number;
  let isClean: boolean;
  try {
    await tryPurchase(administrator.email, interrupt.signal);
    code = await startTests(stories, environment);
  } finally {
    isClean = await removeTraces(environment.E2E_RECORD);
  }
  return isClean ? code : EXIT.failed;
};
