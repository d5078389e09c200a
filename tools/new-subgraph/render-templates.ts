import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'graphql';
import { format, resolveConfig } from 'prettier';
import type { SubgraphName } from './subgraph-name.ts';

const TEMPLATES = path.join(import.meta.dirname, 'templates');

/** The text of each definition of a schema, with its description, by its name. */
export const readDefinitions = (sdl: string): ReadonlyMap<string, string> =>
  new Map(
    parse(sdl).definitions.flatMap((definition) =>
      'name' in definition && definition.name && definition.loc
        ? [[definition.name.value, sdl.slice(definition.loc.start, definition.loc.end)]]
        : [],
    ),
  );

/**
 * Renders the templates of a subgraph.
 * @param options.shared definitions that each subgraph declares in the same words
 * @returns texts by their paths in the workspace
 */
export const renderTemplates = async (options: {
  readonly name: SubgraphName;
  readonly port: number;
  readonly migratedAt: Date;
  readonly shared: ReadonlyMap<string, string>;
}): Promise<ReadonlyMap<string, string>> => {
  const { name, port, migratedAt, shared } = options;
  const values: Readonly<Record<string, string>> = { ...name, port: String(port) };
  const stamp = migratedAt.toISOString().replaceAll(/\D/g, '').slice(0, 14);

  const fill = (template: string): string =>
    template.replaceAll(/\{\{(definition )?(\w+)\}\}/g, (variable, isShared, key: string) => {
      const text = isShared ? shared.get(key) : values[key];
      if (text === undefined) throw new Error(`${variable} has no value`);
      return text;
    });

  const files = globSync('**/*.template', { cwd: TEMPLATES }).sort();
  return new Map(
    await Promise.all(
      files.map(async (template): Promise<[string, string]> => {
        const file = template
          .replace(/\.template$/, '')
          .replaceAll('NAMES', name.names)
          .replaceAll('NAME', name.name)
          .replace('STAMP', stamp);
        const text = fill(readFileSync(path.join(TEMPLATES, template), 'utf8'));
        if (!/\.(?:ts|json|graphql)$/.test(file)) return [file, text];
        const style = await resolveConfig(path.join(TEMPLATES, template));
        return [file, await format(text, { ...style, filepath: file })];
      }),
    ),
  );
};
