import { SingleBar } from 'cli-progress';

/** How far a command is. */
export type Standing = {
  readonly rows: number;
  /** Of the same unit as the total: bytes of a file, or rows. */
  readonly done: number;
};

/** What people see while they wait. */
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

/** What there is to say: `12,000 rows, 40 %, 6,100 rows/s, 0:03 left`. */
const makeTeller = (total: number | null, now: () => number) => {
  const begun = now();
  return ({ rows, done }: Standing) => {
    const seconds = Math.max((now() - begun) / 1000, 0.001);
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
  const tell = makeTeller(total, () => performance.now());
  const format = '{bar} {percent} % | {rows} rows | {rate} rows/s | {left} left';
  const bar = new SingleBar({
    format,
    stream,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    clearOnComplete: true,
    hideCursor: true,
  });
  bar.start(Math.max(total, 1), 0, { rows: '0', percent: 0, rate: '0', left: '?' });
  return {
    update: (standing) => bar.update(Math.min(standing.done, total), tell(standing)),
    stop: () => bar.stop(),
  };
};

const makeLines = (total: number | null, screen: Screen, now: () => number): Progress => {
  const tell = makeTeller(total, now);
  let last = now();
  return {
    update: (standing) => {
      if (now() - last < LINE_EVERY_MS) return;
      last = now();
      const { rows, percent, rate, left } = tell(standing);
      const share = percent === null ? '' : `, ${percent} %`;
      const rest = percent === null ? '' : `, ${left} left`;
      screen.write(`${rows} rows${share}, ${rate} rows/s${rest}\n`);
    },
    stop: () => {},
  };
};

/**
 * Makes a bar on a terminal, and a line every few seconds elsewhere.
 * @param total null where it is not known
 */
export const makeProgress = (
  total: number | null,
  screen: Screen = process.stderr,
  now: () => number = () => performance.now(),
): Progress =>
  total !== null && screen.isTTY
    ? makeBar(total, screen as NodeJS.WriteStream)
    : makeLines(total, screen, now);
