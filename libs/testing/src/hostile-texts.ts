/** What costs most to normalise, compare, match or escape: the parts that a text is filled with. */
const EXPENSIVE = {
  'combining marks out of order': 'a\u0315\u0316',
  'marks without a letter': '\u0316\u0315',
  'a letter that normalises into eighteen': '\ufdfa',
  'Hangul jamo': '\u1112\u1161\u11ab',
  'letters that change their length': '\u0130\u00df',
  'surrogate pairs': '\u{1f469}\u200d\u{1f680}',
  'halves of characters': '\ud83d',
  'joiners without width': '\u200d',
  spaces: ' ',
  quotes: '"',
  backslashes: '\\',
  digits: '9',
  dots: 'a.',
  hyphens: 'a-',
  'at signs': 'a@',
  'web addresses': 'http://[',
  'per cents': '%',
  commas: 'a,',
  underscores: '_',
} as const;

/** A text, and what it is made of. */
export type HostileText = { readonly name: string; readonly text: string };

/** The first `length` code points of a part that is repeated. */
const fill = (part: string, length: number): string => {
  const points = [...part];
  return Array.from({ length }, (_, index) => points[index % points.length]).join('');
};

/** Texts of exactly `length` code points. */
export const expensiveTexts = (length: number): readonly HostileText[] =>
  Object.entries(EXPENSIVE).map(([name, part]) => ({ name, text: fill(part, length) }));

/**
 * Texts that are too long where `length` code points are allowed: by one, and as long as `bytes` of
 * JSON can hold, made of marks and of one other part. Which one, `turn` says: of a megabyte each, all
 * of them would be too many to send everywhere.
 */
export const overlongTexts = (
  length: number,
  bytes: number,
  turn: number,
): readonly HostileText[] => {
  const parts = Object.entries(EXPENSIVE);
  const [marks] = parts;
  const other = parts[turn % parts.length];
  return [
    { name: 'one character more', text: 'a'.repeat(length + 1) },
    ...[marks, other].flatMap((part) => {
      if (!part) return [];
      const size = Buffer.byteLength(JSON.stringify(part[1])) - 2;
      return [{ name: `a megabyte of ${part[0]}`, text: part[1].repeat(bytes / size) }];
    }),
  ];
};
