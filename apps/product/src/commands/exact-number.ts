/** In Node 24, as the `context` of a reviver is; not yet in TypeScript's library. */
const { rawJSON } = JSON as unknown as { rawJSON: (text: string) => object };

/** A number of a JSON text that JavaScript's numbers would change: 9.990, or 90071992547409.93. */
export class ExactNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  /** Written as it was read. */
  toJSON(): object {
    return rawJSON(this.text);
  }
}

/** The number that a JSON text says, with nothing lost. */
export const readNumber = (text: string): number | ExactNumber => {
  const number = Number(text);
  return String(number) === text ? number : new ExactNumber(text);
};

type Reviver = (key: string, value: unknown) => unknown;

const keepNumbers = (_key: string, value: unknown, context: { source?: string }): unknown =>
  typeof value === 'number' ? readNumber(context.source ?? String(value)) : value;

/** JSON.parse that loses nothing of a number. @throws SyntaxError */
export const parseExactly = (text: string): unknown =>
  JSON.parse(text, keepNumbers as unknown as Reviver) as unknown;
