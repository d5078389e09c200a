/** What ends a line: LF, CR LF, or the CR of old spreadsheets. */
export const LINE_END = /\r\n|\n|\r/;

/** How many line ends a text has. */
export const countLineEnds = (text: string): number => text.match(/\r\n|\n|\r/g)?.length ?? 0;

/** Counts the lines of a text that comes in pieces, from 1. A CR LF may come in two of them. */
export const makeLineCounter = () => {
  let line = 1;
  let endsInReturn = false;
  return {
    getLine: () => line,
    add: (text: string): void => {
      if (text === '') return;
      line += countLineEnds(text);
      if (endsInReturn && text.startsWith('\n')) line -= 1;
      endsInReturn = text.endsWith('\r');
    },
  };
};
