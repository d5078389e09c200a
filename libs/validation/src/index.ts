export { checkVariables } from './check-variables.ts';
export { makeBadInputRefusal } from './refuse-bad-input.ts';
export { refuseNull, type OrNull } from './refuse-null.ts';
export {
  findDateFault,
  isDisplayDate,
  makeRowIsolatingReader,
  makeRowFilter,
  type ReportFault,
} from './row-fault.ts';
export { id, isWithin, list, text, validate, wholeNumber } from './validate.ts';
