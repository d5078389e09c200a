export {
  makeServiceClient,
  type ServiceClient,
  type ServiceClientOptions,
} from './make-service-client.ts';
