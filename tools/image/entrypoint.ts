/**
 * The entry point of every image: runs the app of the image, or one of its commands
 * (`docker run IMAGE migrate`). It exits with 2 for a command that the image does not have.
 */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AppName } from '../services.ts';
import { appFile, commandsOf } from './commands.ts';
import { readSecretFiles } from './read-secret-files.ts';

const USAGE_EXIT_CODE = 2;
/** EX_CONFIG of sysexits.h, as the apps exit with it. */
const CONFIG_EXIT_CODE = 78;

const root = path.resolve(import.meta.dirname, '..', '..');
// The Dockerfile sets it.
const app = process.env['CARTOGRAPH_APP'] as AppName;
const [name, ...rest] = process.argv.slice(2);
const commands = commandsOf(app);
const file = name === undefined ? appFile(app) : commands[name];

const { values, faults } = readSecretFiles(process.env);
Object.assign(process.env, values);

if (file === undefined) {
  const known = Object.keys(commands).join(', ');
  process.stderr.write(`The image of ${app} has no command ${name}; it has ${known}.\n`);
  process.exitCode = USAGE_EXIT_CODE;
} else if (faults.length > 0) {
  process.stderr.write(
    `The configuration is not valid:\n${faults.map((fault) => `  ${fault}\n`).join('')}`,
  );
  process.exitCode = CONFIG_EXIT_CODE;
} else {
  // The command sees its own file and arguments, as if Node had been started with them.
  process.argv.splice(1, process.argv.length, path.join(root, file), ...rest);
  await import(pathToFileURL(path.join(root, file)).href);
}
