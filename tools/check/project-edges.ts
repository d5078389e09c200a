/**
 * Holds Nx's project graph to the code: `implicitDependencies` of every project.json are the
 * libraries that its sources import, so that `nx affected` misses nobody. `--write` brings them up
 * to date.
 */
import { glob, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { format } from 'prettier';

type Project = { name: string; implicitDependencies?: string[]; targets?: object };

const root = path.resolve(import.meta.dirname, '..', '..');
const IMPORT = /from '@cartograph\/([\w-]+)'/g;

const importsOf = async (folder: string): Promise<string[]> => {
  const names = new Set<string>();
  for await (const file of glob('{src,test}/**/*.ts', { cwd: folder })) {
    const text = await readFile(path.join(folder, file), 'utf8');
    for (const [, name = ''] of text.matchAll(IMPORT)) names.add(name);
  }
  return [...names].sort();
};

const { write } = parseArgs({ options: { write: { type: 'boolean' } } }).values;
for await (const file of glob('{apps,libs}/*/project.json', { cwd: root })) {
  const place = path.join(root, file);
  const {
    targets,
    implicitDependencies = [],
    ...project
  } = JSON.parse(await readFile(place, 'utf8')) as Project;
  const imports = (await importsOf(path.dirname(place))).filter((name) => name !== project.name);
  if (imports.join() === implicitDependencies.join()) continue;
  if (write) {
    const text = JSON.stringify({ ...project, implicitDependencies: imports, targets });
    await writeFile(place, await format(text, { parser: 'json', printWidth: 100 }));
  } else {
    console.error(`${file} is stale: run \`node tools/check/project-edges.ts --write\`.`);
    process.exitCode = 1;
  }
}
