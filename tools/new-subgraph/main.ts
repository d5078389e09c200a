/** `npm run new:subgraph -- NAME`: the folders of a subgraph, and its entry where subgraphs are listed. */
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { makeProgram, runProgram } from '@cartograph/command';
import { portOf, SERVICES } from '../services.ts';
import { registerSubgraph } from './register-subgraph.ts';
import { readDefinitions, renderTemplates } from './render-templates.ts';
import { readSubgraphName } from './subgraph-name.ts';

const root = path.resolve(import.meta.dirname, '..', '..');

const readSchema = (service: string): ReadonlyMap<string, string> =>
  readDefinitions(readFileSync(path.join(root, 'apps', service, 'schema.graphql'), 'utf8'));

const createSubgraph = async (given: string): Promise<void> => {
  const name = readSubgraphName(given, {
    projects: globSync('{apps,libs,tools,e2e,prisma}/*', { cwd: root }).map((folder) =>
      path.basename(folder),
    ),
    types: SERVICES.flatMap((service) => [...readSchema(service).keys()]),
  });
  const last = SERVICES[SERVICES.length - 1] ?? SERVICES[0];
  const port = portOf(last) + 1;
  const created = await renderTemplates({
    name,
    port,
    migratedAt: new Date(),
    shared: readSchema('product'),
  });
  const changed = await registerSubgraph({ root, name, port, last });
  for (const [file, text] of [...created, ...changed]) {
    const place = path.join(root, file);
    if (created.has(file) && existsSync(place)) throw new Error(`${file} exists already`);
    mkdirSync(path.dirname(place), { recursive: true });
    writeFileSync(place, text);
  }
  console.log(`Created apps/${given} and prisma/${given}; it listens on port ${port}.
Registered in ${[...changed.keys()].join(', ')}.

Next:
  npm run generate             its types, its Prisma client and the supergraph
  npm test -- apps/${given}
  npm start                    the shop with the new subgraph
Then replace the example \`title\` and the texts that say so by your own.`);
};

const program = makeProgram('npm run new:subgraph --', 'Creates a subgraph.')
  .argument('<name>', 'a singular noun in lowercase letters, such as review')
  .action(createSubgraph);

process.exitCode = await runProgram(program, process.argv.slice(2));
