export type { CheckedVariables } from './check-variables.ts';
export {
  findDateFault,
  isDisplayDate,
  makeRowIsolatingReader,
  makeRowFilter,
  type ReportFault,
} from './faulty-rows.ts';
export { checkInput, makeInputValidationPlugin } from './input-validation-plugin.ts';
export { networkOf } from './network-of.ts';
export {
  id,
  isWithin,
  list,
  refuseNull,
  text,
  validate,
  wholeNumber,
  type OrNull,
} from './validate.ts';
