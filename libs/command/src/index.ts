export { CommandFailure, EXIT } from './command-failure.ts';
export { matching, wholeNumber } from './option-values.ts';
export { makeProgram, runProgram, type Command } from './program.ts';
