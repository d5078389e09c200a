// First, before anything else loads graphql.
import './load-graphql.ts';

export { addTraceId } from './add-trace-id.ts';
export { addUtf8Parser } from './add-utf8-parser.ts';
export { allowOrigin, originHeaders, type CrossOrigin } from './allow-origin.ts';
export { hashEtag, isNotModified, type CacheHeaders } from './entity-tag.ts';
export { isCrowdedJson } from './is-crowded-json.ts';
export { DRILL_PARTS, MAX_SLOW_MS, type DrillPart, type FaultSwitch } from './make-drill.ts';
export { makeHttpServer, type Infrastructure } from './make-http-server.ts';
export type { RequestLog } from './observe-requests.ts';
export { rejectEarly, type EarlyRequest, type Rejection } from './reject-early.ts';
export { refuseUnknown } from './refuse-unknown.ts';
export { RequestError } from './request-error.ts';
export type { ErrorFormat } from './refuse-unreadable.ts';
export type { ReadinessChecks } from './readiness.ts';
export { runService } from './run-service.ts';
export { sendGraphqlError } from './send-graphql-error.ts';
