import { createHash } from 'node:crypto';
import { preset as clientPreset } from '@graphql-codegen/client-preset';
import { print, type DocumentNode } from 'graphql';
import { compactText } from '../src/compact-text.ts';

type Preset = typeof clientPreset;
type Plugin = Awaited<ReturnType<Preset['buildGeneratesSection']>>[number]['pluginMap'][string];

/** The generated file that the client uses. The others are for applications that write `graphql()`. */
const GENERATED = 'graphql.ts';

/** The package of this type requires `graphql`, which the client does not need. */
const TYPE_PACKAGE = '@graphql-typed-document-node/core';
const TYPE_FILE = '../document-type.ts';

/** The id of an operation in manifests and at the router: the SHA-256 of the text that is sent. */
const idOf = (document: DocumentNode): string =>
  createHash('sha256')
    .update(compactText(print(document)))
    .digest('hex');

/** The plugin, with the imports of what it generates replaced. */
const withOwnType = (plugin: Plugin): Plugin => ({
  ...plugin,
  plugin: async (...parameters) => {
    const output = await plugin.plugin(...parameters);
    if (typeof output === 'string') return output.replaceAll(TYPE_PACKAGE, TYPE_FILE);
    const prepend = output.prepend?.map((line) => line.replaceAll(TYPE_PACKAGE, TYPE_FILE));
    return { ...output, ...(prepend && { prepend }) };
  },
});

/**
 * The client preset of GraphQL Code Generator for a library without dependencies: operations as text,
 * each with its id.
 */
export const libraryPreset: Preset = {
  ...clientPreset,
  buildGeneratesSection: async (options) => {
    const sections = await clientPreset.buildGeneratesSection({
      ...options,
      presetConfig: {
        ...options.presetConfig,
        fragmentMasking: false,
        onExecutableDocumentNode: (document: DocumentNode) => ({ id: idOf(document) }),
      },
    });
    return sections
      .filter(({ filename }) => filename.endsWith(`/${GENERATED}`))
      .map((section) => {
        const name = 'typed-document-node';
        const plugin = section.pluginMap[name];
        if (!plugin) throw new Error(`the client preset has no plugin ${name}`);
        return { ...section, pluginMap: { ...section.pluginMap, [name]: withOwnType(plugin) } };
      });
  },
};
