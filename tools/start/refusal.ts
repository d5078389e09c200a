/** The shop can't be started as asked; the message is what to print, without a stack. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
}
