export {
  makeAnswers,
  MIN_RETENTION_MS,
  type Answers,
  type AnswerTimes,
  type OnceRequest,
  type RefusedRepeat,
} from './make-answers.ts';
export type { AnswerStore } from './answer-store.ts';
export { makeAnswerStore } from './make-answer-store.ts';
