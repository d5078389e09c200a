import { makeProgram, type Command } from '@cartograph/command';
import { addCheck } from './check-catalogue.ts';
import { addExport } from './export-catalogue.ts';
import { addGenerate } from './generate-catalogue.ts';
import { addImport } from './import-catalogue.ts';

/** The commands of the catalogue. Each has an npm script of its own, which the help shows. */
export const makeCatalogueProgram = (): Command => {
  const program = makeProgram('catalogue', 'Import, export, generate or check the catalogue.');
  program.configureHelp({
    commandUsage: (command) =>
      command.parent
        ? `npm run catalogue:${command.name()} -- ${command.usage()}`
        : 'npm run catalogue:COMMAND',
  });
  for (const add of [addImport, addExport, addGenerate, addCheck]) add(program);
  return program;
};
