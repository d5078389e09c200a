/** The last values that were added. */
export type Ring<Value> = {
  readonly add: (value: Value) => void;
  /** The oldest first. */
  readonly values: () => readonly Value[];
};

/** Makes a list of at most `size` values: a new one takes the place of the oldest. */
export const makeRing = <Value>(size: number): Ring<Value> => {
  const slots: Value[] = [];
  let oldest = 0;
  return {
    add: (value) => {
      if (slots.length < size) {
        slots.push(value);
      } else {
        slots[oldest] = value;
        oldest = (oldest + 1) % size;
      }
    },
    values: () => [...slots.slice(oldest), ...slots.slice(0, oldest)],
  };
};
