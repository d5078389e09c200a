import { execFile } from 'node:child_process';
import { mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { ORVAL_SEND, PROGRAMS } from './programs.ts';

const run = promisify(execFile);

const root = path.resolve(import.meta.dirname, '..', '..');
const modules = path.join(root, 'node_modules');
const document = path.join(root, 'apps', 'rest', 'openapi.json');

/** What a front end has; to be run by Node, it is compiled to CommonJS. */
const TSCONFIG = {
  compilerOptions: {
    strict: true,
    target: 'es2024',
    lib: ['es2024', 'dom', 'dom.iterable'],
    types: ['node'],
    module: 'commonjs',
    moduleResolution: 'bundler',
    esModuleInterop: true,
    // The generated files are no declarations: they are checked.
    skipLibCheck: true,
    rootDir: '.',
    outDir: 'compiled',
  },
  include: ['*.ts', '*/**/*.ts'],
};

/** orval's functions return all responses that the document has, by their status. */
const ORVAL_CONFIG = {
  shop: {
    input: document,
    output: {
      target: './orval/client.ts',
      client: 'fetch',
      mode: 'single',
      override: { mutator: { path: './send.ts', name: 'send' } },
    },
  },
};

/** Programs that buy something, each with the client of a generator. */
export type Clients = {
  readonly names: readonly string[];
  /** @returns what the program printed: the order's status, the payment's, and the total */
  readonly buy: (name: string, ...words: readonly string[]) => Promise<string>;
  readonly remove: () => Promise<void>;
};

/**
 * Generates clients from the committed OpenAPI document, and compiles a program with each of them.
 * @throws with what the compiler says
 */
export const makeClients = async (): Promise<Clients> => {
  const folder = await realpath(await mkdtemp(path.join(tmpdir(), 'rest-clients-')));
  const node = async (script: string, ...words: readonly string[]): Promise<string> => {
    const { stdout } = await run(process.execPath, [script, ...words], { cwd: folder });
    return stdout;
  };
  await symlink(modules, path.join(folder, 'node_modules'));
  await writeFile(path.join(folder, 'package.json'), '{"type":"commonjs"}');
  await writeFile(path.join(folder, 'tsconfig.json'), JSON.stringify(TSCONFIG));
  for (const [name, text] of Object.entries(PROGRAMS)) {
    await writeFile(path.join(folder, `${name}.ts`), text);
  }
  const typescript = path.join(modules, 'openapi-typescript', 'bin', 'cli.js');
  await node(typescript, document, '--output', 'openapi-typescript/schema.ts');
  const heyApi = path.join(modules, '@hey-api', 'openapi-ts', 'bin', 'run.js');
  await node(heyApi, '--input', document, '--output', 'hey-api', '--silent', '--no-log-file');
  const orval = path.join(modules, 'orval', 'dist', 'bin', 'orval.mjs');
  await writeFile(path.join(folder, 'send.ts'), ORVAL_SEND);
  const config = 'orval.config.mjs';
  await writeFile(path.join(folder, config), `export default ${JSON.stringify(ORVAL_CONFIG)};`);
  await node(orval, '--config', config);
  try {
    await node(path.join(modules, 'typescript', 'bin', 'tsc'), '--project', '.');
  } catch (error) {
    throw new Error(String((error as { stdout?: unknown }).stdout), { cause: error });
  }
  return {
    names: Object.keys(PROGRAMS),
    buy: async (name, ...words) => (await node(`compiled/${name}.js`, ...words)).trim(),
    remove: () => rm(folder, { recursive: true }),
  };
};
