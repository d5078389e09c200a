/** A variable of .env.example, with the comment above it as one line of text. */
export type ExampleVariable = { readonly name: string; readonly comment: string };

/** What `## Title` begins. */
export type ExampleSection = {
  readonly title: string;
  /** The comment that no variable follows immediately, or an empty text. */
  readonly intro: string;
  readonly variables: readonly ExampleVariable[];
};

const TITLE = /^## (.+)$/;
const COMMENT = /^# ?(.*)$/;
const VARIABLE = /^([A-Z][A-Z0-9_]*)=/;

type Block = { readonly title: string; readonly lines: readonly string[] };

/** The lines below each title, without what stands above the first one. */
const splitSections = (text: string): readonly Block[] =>
  text
    .split(/^(?=## )/m)
    .map((part) => part.split('\n'))
    .flatMap(([first = '', ...lines]) => {
      const title = TITLE.exec(first)?.[1];
      return title === undefined ? [] : [{ title, lines }];
    });

const readSection = ({ title, lines }: Block): ExampleSection => {
  const variables: ExampleVariable[] = [];
  let intro = '';
  let comment: string[] = [];
  /** Several variables in a row share the comment above the first of them. */
  let shared = '';
  for (const line of lines) {
    const [, name] = VARIABLE.exec(line) ?? [];
    const [, words] = COMMENT.exec(line) ?? [];
    if (name !== undefined) {
      if (comment.length > 0) shared = comment.join(' ');
      comment = [];
      variables.push({ name, comment: shared });
    } else if (words !== undefined) {
      comment.push(words);
    } else if (comment.length > 0) {
      // A blank line: the comment is about the section.
      intro = comment.join(' ');
      comment = [];
    }
  }
  return { title, intro, variables };
};

/** Reads the sections of .env.example, as the head of that file describes them. */
export const readExample = (text: string): readonly ExampleSection[] =>
  splitSections(text).map(readSection);

/** The first sentence of a comment. */
export const firstSentence = (comment: string): string =>
  /^.*?\.(?= |$)/.exec(comment)?.[0] ?? comment;
