import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..', '..');

/** A fenced block of a document. */
export type Block = { readonly language: string; readonly line: number; readonly text: string };

export type Document = {
  /** Its path from the root of the repository. */
  readonly name: string;
  readonly text: string;
  readonly blocks: readonly Block[];
};

const FENCE = /^```(\w*)\n([\s\S]*?)^```$/gm;

const readBlocks = (text: string): readonly Block[] =>
  [...text.matchAll(FENCE)].map(([, language = '', content = ''], index, all) => ({
    language,
    line: text.slice(0, all[index]?.index).split('\n').length,
    text: content,
  }));

/** Every document that people read: those in the root, and all below docs/. */
export const readDocuments = (): readonly Document[] =>
  globSync(['*.md', 'docs/**/*.md'], { cwd: root })
    .toSorted()
    .map((name) => {
      const text = readFileSync(path.join(root, name), 'utf8');
      return { name, text, blocks: readBlocks(text) };
    });
