export { readCostRules, type CostRules } from './cost-rules.ts';
export {
  limitOperations,
  type ExecutableOperation,
  type OperationLimiter,
} from './limit-operations.ts';
export { operationLimitsEnv, readOperationLimits } from './limits-config.ts';
export { defaultLimits, limitNames, limitTable, type OperationLimits } from './limits.ts';
