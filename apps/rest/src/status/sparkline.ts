import { escapeHtml } from './escape-html.ts';

const WIDTH = 240;
const HEIGHT = 48;
/** Half of the stroke: a line at the edge is not cut off. */
const MARGIN = 1;

type Point = readonly [x: number, y: number];

/** The points of a line, in parts: a value that is missing is a gap. */
const toParts = (values: readonly (number | null)[], slots: number): readonly Point[][] => {
  const highest = Math.max(0, ...values.map((value) => value ?? 0));
  const step = WIDTH / Math.max(slots - 1, 1);
  // The newest value is at the right edge, also while there are few.
  const offset = WIDTH - step * (values.length - 1);
  const parts: Point[][] = [[]];
  for (const [index, value] of values.entries()) {
    if (value === null) {
      parts.push([]);
      continue;
    }
    const height = highest === 0 ? 0 : value / highest;
    const y = HEIGHT - MARGIN - height * (HEIGHT - 2 * MARGIN);
    parts.at(-1)?.push([offset + index * step, y]);
  }
  return parts.filter((part) => part.length > 0);
};

const write = (part: readonly Point[]): string =>
  part.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ');

const draw = (part: readonly Point[]): string => {
  const [first, last] = [part[0], part.at(-1)];
  if (!first || !last) return '';
  // One value alone is a short line.
  const line = part.length > 1 ? part : ([[first[0] - 2, first[1]], first] as const);
  const area = `${first[0].toFixed(1)},${HEIGHT} ${write(part)} ${last[0].toFixed(1)},${HEIGHT}`;
  return `<polygon points="${area}"/><polyline points="${write(line)}"/>`;
};

/**
 * Draws a line without axes, from 0 to its highest value.
 * @param slots how many values there are at most: as many are as wide as the picture
 * @param label what it shows, for readers who do not see it
 */
export const sparkline = (
  values: readonly (number | null)[],
  { slots, label }: { readonly slots: number; readonly label: string },
): string =>
  `<svg class="spark" viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" ` +
  `aria-label="${escapeHtml(label)}">${toParts(values, slots).map(draw).join('')}</svg>`;
