import { createHash } from 'node:crypto';

/** Makes a source of numbers below 1 that follow from the seed: the n-th is always the same. */
export const makeChance = (seed: string): (() => number) => {
  let count = 0;
  return () => {
    count += 1;
    return createHash('sha256').update(`${seed}\n${count}`).digest().readUInt32BE(0) / 2 ** 32;
  };
};
