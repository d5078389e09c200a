export {
  admissionEnv,
  mostConcurrent,
  readAdmissionLimits,
  type AdmissionLimits,
  type LaneName,
} from './admission-config.ts';
export { makeLaneChoice } from './choose-lane.ts';
export { makeAdmission, RETRY_AFTER_SECONDS, type Admission } from './make-admission.ts';
