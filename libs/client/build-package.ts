/**
 * `npm run client:pack` makes the package of the client that front-end teams install:
 * artifacts/client/cartograph-client-<version>.tgz. It has JavaScript and declarations, and no
 * dependencies.
 */
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  globSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { makeProgram, runProgram } from '@cartograph/command';

const library = import.meta.dirname;
const root = path.resolve(library, '..', '..');

/** The files beside the code. */
const DOCUMENTS = ['README.md', 'persisted-operations.json'];

const compile = (folder: string): void => {
  const typescript = path.dirname(
    createRequire(import.meta.url).resolve('typescript/package.json'),
  );
  const project = path.join(library, 'tsconfig.package.json');
  const words = ['--project', project, '--outDir', path.join(folder, 'dist')];
  execFileSync(process.execPath, [path.join(typescript, 'bin', 'tsc'), ...words], {
    stdio: 'inherit',
  });
  // The compiler leaves these as they are in declarations.
  for (const file of globSync('dist/**/*.d.ts', { cwd: folder })) {
    const name = path.join(folder, file);
    const text = readFileSync(name, 'utf8');
    writeFileSync(name, text.replace(/(from '\.{1,2}\/[^']+)\.ts'/g, "$1.js'"));
  }
};

const describePackage = (): object => {
  const { name, version, description } = JSON.parse(
    readFileSync(path.join(library, 'package.json'), 'utf8'),
  ) as { name: string; version: string; description: string };
  return {
    name,
    version,
    description,
    license: 'MIT',
    type: 'module',
    sideEffects: false,
    exports: {
      '.': { types: './dist/index.d.ts', default: './dist/index.js' },
      './persisted-operations.json': './persisted-operations.json',
    },
    files: ['dist', ...DOCUMENTS],
  };
};

/**
 * Compiles the library and packs it.
 * @param folder where the package is made; what is in its `package` is replaced
 * @returns the path of the tarball
 * @throws when the library needs more than a browser has: it is compiled without the types of Node
 */
export const buildPackage = (folder: string): string => {
  const contents = path.join(folder, 'package');
  rmSync(contents, { recursive: true, force: true });
  mkdirSync(contents, { recursive: true });
  compile(contents);
  for (const name of DOCUMENTS) cpSync(path.join(library, name), path.join(contents, name));
  cpSync(path.join(root, 'LICENSE'), path.join(contents, 'LICENSE'));
  writeFileSync(
    path.join(contents, 'package.json'),
    `${JSON.stringify(describePackage(), null, 2)}\n`,
  );
  const packed = execFileSync('npm', ['pack', '--json', '--ignore-scripts'], {
    cwd: contents,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [{ filename = '' } = {}] = JSON.parse(packed) as { filename?: string }[];
  const tarball = path.join(folder, filename);
  renameSync(path.join(contents, filename), tarball);
  return tarball;
};

if (import.meta.main) {
  const program = makeProgram('npm run client:pack --', 'Makes the package of the client.').action(
    () => console.log(path.relative(root, buildPackage(path.join(root, 'artifacts', 'client')))),
  );
  process.exitCode = await runProgram(program, process.argv.slice(2));
}
