/**
 * A process for the test of command lines: evaluates a command's main file once for each list of
 * words, which costs far less than a process each, and prints how each ended as JSON.
 */
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const [file = '', lists = '[]'] = process.argv.slice(2);
const url = pathToFileURL(path.resolve(file)).href;
const print = process.stdout.write.bind(process.stdout);

class Exit extends Error {}

process.exit = (code) => {
  process.exitCode = code ?? process.exitCode;
  throw new Exit();
};

const ends: { code: number; out: string; err: string }[] = [];
for (const [index, words] of (JSON.parse(lists) as string[][]).entries()) {
  const texts = { out: '', err: '' };
  process.stdout.write = (text) => !!(texts.out += String(text));
  process.stderr.write = (text) => !!(texts.err += String(text));
  process.argv = [process.execPath, path.resolve(file), ...words];
  process.exitCode = undefined;
  try {
    // Its own module is evaluated again, those that it imports are not.
    await import(`${url}?${index}`);
  } catch (error) {
    if (!(error instanceof Exit)) {
      process.exitCode = 1;
      texts.err += error instanceof Error ? error.stack : String(error);
    }
  }
  ends.push({ code: Number(process.exitCode ?? 0), ...texts });
}
process.exitCode = 0;
print(JSON.stringify(ends), () => process.kill(process.pid, 'SIGKILL'));
