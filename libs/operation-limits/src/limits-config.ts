import { z } from 'zod';
import {
  limitNames,
  limitTable,
  type LimitedProcess,
  type LimitName,
  type OperationLimits,
} from './limits.ts';

type EnvName = (typeof limitTable)[LimitName]['env'];

/** The variables that set limits, to be part of a process's own schema. */
export const operationLimitsEnv = (
  where: LimitedProcess,
): Readonly<Record<EnvName, z.ZodType<number, unknown>>> =>
  Object.fromEntries<z.ZodType<number, unknown>>(
    limitNames.map((name) => [
      limitTable[name].env,
      z.coerce.number().int().min(1).default(limitTable[name][where]),
    ]),
  ) as Record<EnvName, z.ZodType<number, unknown>>;

/** The limits that the variables of operationLimitsEnv set. */
export const readOperationLimits = (values: Readonly<Record<EnvName, number>>): OperationLimits =>
  Object.fromEntries(
    limitNames.map((name) => [name, values[limitTable[name].env]]),
  ) as OperationLimits;
