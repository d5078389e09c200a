export { CommandFailure, EXIT } from './command-failure.ts';
export {
  readGiven,
  readShop,
  readShopEnvironment,
  readVariables,
  SHOP_ENVIRONMENT_FILE,
  stateDirOf,
  writeVariables,
  type Variables,
} from './environment.ts';
export { listenForInterrupt } from './interrupt.ts';
export { InvalidArgumentError, matching, Option, wholeNumber } from './option-values.ts';
export { makeProgram, runProgram, type Command } from './program.ts';
export { makeProgress, type Progress } from './progress.ts';
