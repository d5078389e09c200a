/** The exit codes of all commands. A bug ends with Node's own 1 and a stack trace. */
export const EXIT = {
  done: 0,
  /** The command ran, and what it tried or checked failed. */
  failed: 1,
  /** The command line was not understood: nothing was done. */
  usage: 2,
} as const;

/** A command can't do what was asked; the message is printed without a stack trace. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure';
  readonly exitCode: number;

  constructor(exitCode: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}
