import type { z } from 'zod';
import type { createProductInput } from '../domain/input.ts';
import { makeRandom, type Random } from './random.ts';
import {
  CATEGORIES,
  CODAS,
  COLOURS,
  MATERIALS,
  ONSETS,
  ROOMS,
  SENTENCES,
  SIZES,
  VOWELS,
  type GeneratedCategory,
} from './words.ts';

/** A plausible product. */
export type GeneratedProduct = z.output<typeof createProductInput>;

const capitalize = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

/** The invented name with this number: always the same. */
const inventName = (number: number, role: number): string => {
  const random = makeRandom(role, number);
  const syllables = 2 + random.below(2);
  const syllable = () => random.pick(ONSETS) + random.pick(VOWELS) + random.pick(CODAS);
  return capitalize(Array.from({ length: syllables }, syllable).join(''));
};

const MAKER = 1;
const MODEL = 2;

/**
 * Picks one of the names in use among `index` products: about the square root of them (Heaps' law).
 * The first names are the most frequent.
 */
const pickName = (random: Random, index: number, role: number): string => {
  const known = 30 + Math.floor(4 * index ** 0.55);
  return inventName(Math.floor(known * random.next() ** 2), role);
};

/** Category n has about 1/(n + 3) of all products (Zipf's law). */
const SHARES = CATEGORIES.map((_, rank) => 1 / (rank + 3));
const ALL_SHARES = SHARES.reduce((sum, share) => sum + share, 0);

const pickCategory = (random: Random): GeneratedCategory => {
  let left = random.next() * ALL_SHARES;
  const found = CATEGORIES.find((_, rank) => (left -= SHARES[rank] ?? 0) < 0);
  return found ?? (CATEGORIES[0] as GeneratedCategory);
};

const countWords = (text: string): number => text.split(' ').length;

const describe = (random: Random, opening: string, maker: string): string => {
  const enough = 15 + random.below(14);
  const fill = (sentence: string): string =>
    sentence
      .replaceAll('{material}', () => random.pick(MATERIALS))
      .replaceAll('{colour}', () => random.pick(COLOURS))
      .replaceAll('{room}', () => random.pick(ROOMS))
      .replaceAll('{number}', () => String(12 * (1 + random.below(60))))
      .replaceAll('{maker}', maker);
  const sentences = [opening];
  let start = random.below(SENTENCES.length);
  while (countWords(sentences.join(' ')) < enough) {
    sentences.push(fill(SENTENCES[start % SENTENCES.length] ?? ''));
    // 5 and the number of sentences are coprime: no sentence is repeated.
    start += 5;
  }
  return sentences.join(' ');
};

/** Log-normal around the category's median price; ends in 0, 5 or 9, as prices do. */
const findPrice = (random: Random, { medianPrice }: GeneratedCategory): number => {
  const amount = Math.round(medianPrice * Math.exp(0.6 * random.normal()));
  return Math.max(50, Math.floor(amount / 10) * 10 + random.pick([0, 5, 9]));
};

/**
 * Makes the product with this index: the same for the same seed, on every machine.
 * @param index from 0; later products bring new names, as in a growing catalogue
 */
export const generateProduct = (index: number, seed = 1): GeneratedProduct => {
  const random = makeRandom(seed, index);
  const category = pickCategory(random);
  const [material, colour] = [random.pick(MATERIALS), random.pick(COLOURS)];
  const maker = pickName(random, index, MAKER);
  const model = pickName(random, index, MODEL);
  const kind = random.pick(category.kinds);
  const size = random.next() < 0.4 ? `, ${random.pick(SIZES)}` : '';
  const sku = `GEN-${seed}-${index}`;
  return {
    sku,
    name: `${maker} ${model} ${capitalize(material)} ${capitalize(kind)}, ${colour}${size}`,
    description: describe(
      random,
      `${model}, a piece of work by ${maker}: ${kind} of ${material} in ${colour}.`,
      maker,
    ),
    category: category.name,
    price: { amount: findPrice(random, category), currency: 'EUR' },
    stock: random.next() < 0.05 ? 0 : 1 + Math.floor(40 * Math.exp(random.normal())),
    imageUrl: random.next() < 0.7 ? `https://images.example.com/${sku}.webp` : null,
  };
};
