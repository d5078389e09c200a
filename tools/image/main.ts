/**
 * `node tools/image/main.ts trace | copy`: the steps of docker/Dockerfile that choose the files of the
 * images.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { makeProgram, runProgram } from '@cartograph/command';
import { APPS } from '../services.ts';
import { copyFiles } from './copy-files.ts';

const program = makeProgram('node tools/image/main.ts', 'Chooses the files of the images.');

program
  .command('trace')
  .description('writes a list of the files that each app needs, named after it')
  .argument('<lists>', 'the folder of the lists')
  .action(async (lists: string) => {
    // The tracer is a package for development: `copy` runs without it.
    const { traceFiles } = await import('./trace-files.ts');
    await mkdir(lists, { recursive: true });
    for (const app of APPS) {
      await writeFile(path.join(lists, app), `${(await traceFiles(app)).join('\n')}\n`);
    }
  });

program
  .command('copy')
  .description('copies the files of each list from this repository to a folder of its own')
  .argument('<lists>', 'the folder of the lists')
  .argument('<images>', 'the folder of the folders to copy to')
  .action(async (lists: string, images: string) => {
    for (const app of APPS) {
      const files = (await readFile(path.join(lists, app), 'utf8')).trimEnd().split('\n');
      await copyFiles(files, process.cwd(), path.join(images, app));
    }
  });

process.exitCode = await runProgram(program, process.argv.slice(2));
