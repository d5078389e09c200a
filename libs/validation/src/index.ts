export { id, text, validate, wholeNumber } from './validate.ts';
