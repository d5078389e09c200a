import { SingleBar } from 'cli-progress';

/** How much a command has done. */
type Standing = {
  readonly rows: number;
  /** In the unit of the total: bytes of a file, or rows. */
  readonly done: number;
};

/** Displays the progress of a command. */
export type Progress = {
  readonly update: (standing: Standing) => void;
  readonly stop: () => void;
};

type Screen = { readonly isTTY?: boolean; readonly write: (text: string) => unknown };

const LINE_EVERY_MS = 3_000;

/** 65 seconds are `1:05`. */
export const formatSeconds = (seconds: number): string => {
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
};

const formatCount = (count: number): string => Math.round(count).toLocaleString('en');

/** Makes the texts: `12,000 rows, 40 %, 6,100 rows/s, 0:03 left`. */
const makeFormatter = (total: number | null, now: () => number) => {
  const started = now();
  return ({ rows, done }: Standing) => {
    const seconds = Math.max((now() - started) / 1000, 0.001);
    const share = total === null ? null : total === 0 ? 1 : Math.min(done / total, 1);
    return {
      rows: formatCount(rows),
      percent: share === null ? null : Math.floor(share * 100),
      rate: formatCount(rows / seconds),
      left: share ? formatSeconds((seconds / share) * (1 - share)) : '?',
    };
  };
};

const makeBar = (total: number, stream: NodeJS.WritableStream): Progress => {
  const format = makeFormatter(total, () => performance.now());
  const bar = new SingleBar({
    format: '{bar} {percent} % | {rows} rows | {rate} rows/s | {left} left',
    stream,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    clearOnComplete: true,
    hideCursor: true,
  });
  bar.start(Math.max(total, 1), 0, { rows: '0', percent: 0, rate: '0', left: '?' });
  return {
    update: (standing) => bar.update(Math.min(standing.done, total), format(standing)),
    stop: () => bar.stop(),
  };
};

const makeLines = (total: number | null, screen: Screen, now: () => number): Progress => {
  const format = makeFormatter(total, now);
  let last = now();
  return {
    update: (standing) => {
      if (now() - last < LINE_EVERY_MS) return;
      last = now();
      const { rows, percent, rate, left } = format(standing);
      const share = percent === null ? '' : `, ${percent} %`;
      const rest = percent === null ? '' : `, ${left} left`;
      screen.write(`${rows} rows${share}, ${rate} rows/s${rest}\n`);
    },
    stop: () => {},
  };
};

/**
 * Displays a bar on a terminal, and a line every few seconds elsewhere.
 * @param total null when it is not known
 */
export const makeProgress = (
  total: number | null,
  screen: Screen = process.stderr,
  now: () => number = () => performance.now(),
): Progress =>
  total !== null && screen.isTTY
    ? makeBar(total, screen as NodeJS.WriteStream)
    : makeLines(total, screen, now);
