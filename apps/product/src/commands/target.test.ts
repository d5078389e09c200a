import { execFile } from 'node:child_process';
import { lstat, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTarget } from './target.ts';

const run = promisify(execFile);

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'target-'));
});
afterEach(() => rm(folder, { recursive: true }));

const inFolder = (name: string): string => path.join(folder, name);

async function* words(): AsyncGenerator<string> {
  yield 'one\n';
  yield 'two\n';
}

async function* failing(): AsyncGenerator<string> {
  yield 'one\n';
  throw new Error('the database is gone');
}

const write = async (name: string, text = words(), signal = new AbortController().signal) =>
  (await openTarget(inFolder(name))).write(text, signal);

describe('the target of an export', () => {
  it('is a file that appears when it is complete, and stays as it was before', async () => {
    await write('a.csv');
    expect(await readFile(inFolder('a.csv'), 'utf8')).toBe('one\ntwo\n');
    await expect(write('a.csv', failing())).rejects.toThrow('the database is gone');
    expect(await readFile(inFolder('a.csv'), 'utf8')).toBe('one\ntwo\n');
    expect(await readdir(folder)).toEqual(['a.csv']);
  });

  it.each(['there', 'not there yet'])('may be a link to a file that is %s', async (state) => {
    await mkdir(inFolder('data'));
    if (state === 'there') await writeFile(inFolder('data/real.csv'), 'old');
    await symlink('data/real.csv', inFolder('link.csv'));
    await write('link.csv');
    expect((await lstat(inFolder('link.csv'))).isSymbolicLink()).toBe(true);
    expect(await readFile(inFolder('data/real.csv'), 'utf8')).toBe('one\ntwo\n');
    expect(await readdir(inFolder('data'))).toEqual(['real.csv']);
  });

  it('may be a device, which stays one', async () => {
    await symlink('/dev/null', inFolder('null'));
    await write('null');
    expect((await lstat('/dev/null')).isCharacterDevice()).toBe(true);
    expect((await lstat(inFolder('null'))).isSymbolicLink()).toBe(true);
  });

  it('may be a named pipe, which its reader gets the text of', async () => {
    await run('mkfifo', [inFolder('pipe')]);
    const writing = write('pipe');
    const { stdout } = await run('cat', [inFolder('pipe')]);
    await writing;
    expect(stdout).toBe('one\ntwo\n');
    expect((await lstat(inFolder('pipe'))).isFIFO()).toBe(true);
  });

  it('may be the standard output, which leads to a pipe without a path', async () => {
    const script = `
      import { openTarget } from '${path.join(import.meta.dirname, 'target.ts')}';
      const text = async function* () { yield 'one'; };
      await (await openTarget('/dev/stdout')).write(text(), new AbortController().signal);`;
    await writeFile(inFolder('script.mjs'), script);
    const command = '"$0" --disable-warning=ExperimentalWarning "$1" | cat';
    const { stdout } = await run('sh', ['-c', command, process.execPath, inFolder('script.mjs')]);
    expect(stdout).toBe('one');
  });

  it('is not waited for after an interrupt, when it is a named pipe without a reader', async () => {
    await run('mkfifo', [inFolder('pipe')]);
    const interrupt = new AbortController();
    const writing = write('pipe', words(), interrupt.signal);
    interrupt.abort();
    await expect(writing).rejects.toThrow('aborted');
  });

  it.each([
    ['a link to itself', 'its links lead in a circle'],
    ['a socket', 'it is a socket'],
    ['a folder', 'it is a folder'],
  ])('is not %s', async (what, reason) => {
    const name = inFolder('it');
    const server = createServer();
    if (what === 'a socket') await new Promise<void>((done) => server.listen(name, done));
    else if (what === 'a folder') await mkdir(name);
    else await symlink('it', name);
    try {
      await expect(openTarget(name)).rejects.toMatchObject({
        name: 'CommandFailure',
        exitCode: 2,
        message: `${name} can't be written: ${reason}.`,
      });
    } finally {
      server.close();
    }
  });
});
