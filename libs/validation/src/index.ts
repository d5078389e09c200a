export { checkVariables } from './check-variables.ts';
export { makeBadInputRefusal } from './refuse-bad-input.ts';
export { id, isWithin, list, text, validate, wholeNumber } from './validate.ts';
