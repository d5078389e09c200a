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

/**
 * Reads the words of a command with a function that throws where they are not right.
 * @throws CommandFailure that says what is wrong, and how it is called
 */
export const readWords = <Words>(usage: string, read: () => Words): Words => {
  try {
    return read();
  } catch (error) {
    if (error instanceof CommandFailure) throw error;
    const [sentence = ''] = (error as Error).message.split('. ');
    throw misused(sentence, usage);
  }
};

/** What a file or a server said, on one line, without characters that move a terminal. */
export const printable = (text: string): string => text.replaceAll(/\p{C}+/gu, '\uFFFD');
