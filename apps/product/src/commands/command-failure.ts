/** How a command ends. What is not one of these, a bug, ends with Node's own 1 and a stack. */
export const EXIT = { done: 0, incomplete: 1, usage: 2, stopped: 3 } as const;

/** A command can't do what was asked; the message is what to print, without a stack. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure';
  readonly exitCode: number;

  constructor(exitCode: number, message: string) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** The command was called in a way that it does not know. */
export const misused = (message: string, usage: string): CommandFailure =>
  new CommandFailure(EXIT.usage, message === '' ? usage : `${message}\n${usage}`);

/** What is printed, and is no failure, when a command is asked how it is called. */
const isHelp = (word: string): boolean => word === '--help' || word === '-h';

/**
 * Reads the words of a command with a function that throws where they are not right.
 * @throws CommandFailure that says what is wrong, and how it is called
 */
export const readWords = <Words>(
  usage: string,
  args: readonly string[],
  read: (args: string[]) => Words,
): Words => {
  if (args.some(isHelp)) throw new CommandFailure(EXIT.done, usage);
  try {
    return read([...args]);
  } catch (error) {
    if (error instanceof CommandFailure) throw error;
    const [sentence = ''] = (error as Error).message.split('. ');
    throw misused(sentence, usage);
  }
};

/** What a system call said of a file, for people. */
export const describeFileError = (error: unknown): string => {
  const { code = 'unknown', message } = error as NodeJS.ErrnoException;
  const known: Readonly<Record<string, string>> = {
    EACCES: 'it is not allowed',
    EISDIR: 'it is a folder',
    ENOENT: 'there is no such folder',
    ENOSPC: 'the disk is full',
    ENOTDIR: 'there is no such folder',
    EPERM: 'it is not allowed',
    EROFS: 'the disk can only be read',
  };
  return known[code] ?? printable(message);
};

/** What a file or a server said, on one line, without characters that move a terminal. */
export const printable = (text: string): string => text.replaceAll(/\p{C}+/gu, '\uFFFD');
