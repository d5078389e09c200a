export { id, isWithin, list, text, validate, wholeNumber } from './validate.ts';
