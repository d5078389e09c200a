export { advice } from './advice.ts';
export { errorCatalogue, problemCatalogue, type ErrorCode, type ProblemCode } from './catalogue.ts';
export { makeGraphqlErrorFormatter, protocolCatalogue } from './graphql-error-formatter.ts';
export {
  isProblem,
  problem,
  problemTypeName,
  validationFailed,
  type FieldFault,
  type Problem,
  type ValidationFailed,
} from './problem.ts';
export { argumentError, argumentErrorOf, ShopError } from './shop-error.ts';
