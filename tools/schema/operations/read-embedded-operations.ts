import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Kind, parse, separateOperations, type DocumentNode } from 'graphql';
import ts from 'typescript';
import type { Operation } from './operation.ts';

/** Code that sends operations to the router: stories and measurements, clients, and explorers. */
const CODE = ['e2e/**/*.ts', 'libs/client*/**/*.ts', 'apps/router/src/explorers.ts'];

const DOCUMENTS = ['*.md', 'docs/**/*.md'];

/** How the text of an operation begins, after comments. */
const BEGINNING = /^\s*(?:#[^\n]*\n\s*)*(?:(?:query|mutation)\b[^=]*\{|\{\s*\w|fragment \w+ on )/;

/** A fenced block of GraphQL in Markdown. */
const FENCE = /^```graphql\n([\s\S]*?)^```$/gm;

/** The parts of a text that only exist when the code runs are this, which is a name and a string. */
const UNKNOWN = 'x';

/** Constants of a file that are texts, by name. */
type Texts = Map<string, string>;

const readText = (node: ts.Expression, texts: Texts): string | null => {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return node.text;
  if (ts.isIdentifier(node)) return texts.get(node.text) ?? null;
  if (!ts.isTemplateExpression(node)) return null;
  const rest = node.templateSpans.map(
    ({ expression, literal }) => (readText(expression, texts) ?? UNKNOWN) + literal.text,
  );
  return node.head.text + rest.join('');
};

/** A text in a file, and its line. */
type Text = { readonly text: string; readonly line: number };

const readTexts = (file: string, code: string): readonly Text[] => {
  const source = ts.createSourceFile(file, code, ts.ScriptTarget.Latest, true);
  const texts: Texts = new Map();
  const found: Text[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && node.initializer) {
      const text = readText(node.initializer, texts);
      if (text !== null) texts.set(node.name.text, text);
    }
    if (
      ts.isStringLiteral(node) ||
      ts.isTemplateExpression(node) ||
      ts.isNoSubstitutionTemplateLiteral(node)
    ) {
      const text = readText(node, texts) ?? '';
      const { line } = source.getLineAndCharacterOfPosition(node.getStart());
      if (BEGINNING.test(text)) found.push({ text, line: line + 1 });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
};

const readBlocks = (text: string): readonly Text[] =>
  [...text.matchAll(FENCE)].map(({ 1: block = '', index }) => ({
    text: block,
    line: text.slice(0, index).split('\n').length + 1,
  }));

const tryParse = (text: string): DocumentNode | null => {
  try {
    return parse(text);
  } catch {
    return null;
  }
};

const toOperations = (file: string, { text, line }: Text): readonly Operation[] => {
  const document = tryParse(text);
  if (document === null) return [];
  return Object.values(separateOperations(document)).map((one) => {
    const node = one.definitions.find(({ kind }) => kind === Kind.OPERATION_DEFINITION);
    const name = node && 'name' in node ? node.name?.value : undefined;
    return {
      name: name ?? 'anonymous',
      place: `${file}:${line + (node?.loc?.startToken.line ?? 1) - 1}`,
      document: one,
      subgraph: null,
      isRequired: false,
    };
  });
};

/**
 * Reads the operations that are texts in code and documents: those of e2e, of clients in this
 * repository, of the explorers' first page and of the README. A text that is put together when the code
 * runs is read with a name in place of each unknown part; what is not GraphQL then is left out.
 */
export const readEmbeddedOperations = (root: string): readonly Operation[] => {
  const read = (
    patterns: readonly string[],
    find: (file: string, text: string) => readonly Text[],
  ) =>
    globSync([...patterns], { cwd: root, exclude: (name) => name === 'node_modules' })
      .toSorted()
      .flatMap((file) => {
        const text = readFileSync(path.join(root, file), 'utf8');
        return find(file, text).flatMap((one) => toOperations(file, one));
      });
  return [...read(CODE, readTexts), ...read(DOCUMENTS, (_file, text) => readBlocks(text))];
};
