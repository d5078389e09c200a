export {
  answerKnownOperations,
  type KnownAnswer,
  type KnownRequest,
} from './answer-known-operations.ts';
export type { KnownOperation } from './make-known-operations.ts';
