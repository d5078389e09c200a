/** The exit codes of all commands. A bug ends with Node's own 1 and a stack trace. */
export const EXIT = {
  done: 0,
  /** The command ran, and what it tried or checked failed, wholly or in part. */
  failed: 1,
  /** The command line, a file or a setting is not valid: nothing was done. */
  usage: 2,
  /** The command was interrupted, or could not continue: run it again. */
  stopped: 3,
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
