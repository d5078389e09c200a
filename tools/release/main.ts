/**
 * `npm run release:notes -- vX.Y.Z`: prints what CHANGELOG.md says about a release, for a tag that is the
 * version in package.json. The release workflow stops where it fails.
 */
import { readFile } from 'node:fs/promises';
import { CommandFailure, EXIT, makeProgram, matching, runProgram } from '@cartograph/command';
import { findReleaseNotes, ReleaseNotesError } from './release-notes.ts';

const read = (file: string): Promise<string> =>
  readFile(new URL(`../../${file}`, import.meta.url), 'utf8');

const printNotes = async (tag: string): Promise<void> => {
  const { version } = JSON.parse(await read('package.json')) as { version: string };
  if (tag !== `v${version}`) {
    throw new CommandFailure(
      EXIT.failed,
      `The tag is ${tag}, and the version in package.json is ${version}.`,
    );
  }
  try {
    process.stdout.write(findReleaseNotes(await read('CHANGELOG.md'), version));
  } catch (error) {
    if (!(error instanceof ReleaseNotesError)) throw error;
    throw new CommandFailure(EXIT.failed, error.message, { cause: error });
  }
};

const program = makeProgram('npm run release:notes --', 'Prints the notes of a release.')
  .argument('<tag>', 'its tag: v and the version', matching(/^v\d+\.\d+\.\d+$/, 'a tag: v1.2.3'))
  .action(printNotes);

process.exitCode = await runProgram(program, process.argv.slice(2));
