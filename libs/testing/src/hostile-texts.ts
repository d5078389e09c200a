/** Parts of texts that are expensive to normalize, compare, match or escape. */
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

/** A text, and the name of its part. */
export type HostileText = { readonly name: string; readonly text: string };

/** The first `length` code points of the repeated part. */
const fill = (part: string, length: number): string => {
  const points = [...part];
  return Array.from({ length }, (_, index) => points[index % points.length]).join('');
};

/** Texts of exactly `length` code points. */
export const expensiveTexts = (length: number): readonly HostileText[] =>
  Object.entries(EXPENSIVE).map(([name, part]) => ({ name, text: fill(part, length) }));

type Part = keyof typeof EXPENSIVE;

/** NFKC of this part takes time with the square of its length; a shorter text is sent first. */
const SQUARE: Part = 'marks without a letter';
const SHORTER = 1 / 20;

/**
 * Texts that are too long where `length` code points are allowed, the shortest first: by one code
 * point, and texts of `bytes` in JSON, of marks and of one other part. `turn` chooses the part: a
 * megabyte of each would be too much for every input.
 */
export const overlongTexts = (
  length: number,
  bytes: number,
  turn: number,
): readonly HostileText[] => {
  const others = Object.keys(EXPENSIVE).filter((name) => name !== SQUARE) as Part[];
  const fillBytes = (part: Part | undefined, share = 1): HostileText[] => {
    if (!part) return [];
    const size = Buffer.byteLength(JSON.stringify(EXPENSIVE[part])) - 2;
    const text = EXPENSIVE[part].repeat((bytes * share) / size);
    return [{ name: `${text.length} of ${part}`, text }];
  };
  return [
    { name: 'one character more', text: 'a'.repeat(length + 1) },
    ...fillBytes(SQUARE, SHORTER),
    ...fillBytes(SQUARE),
    ...fillBytes(others[turn % others.length]),
  ];
};
