import { ConfigError } from './parse-env.ts';

const isOrigin = (text: string): boolean => URL.canParse(text) && new URL(text).origin === text;

/**
 * Reads CORS_ORIGINS: the web origins whose pages may call, separated by commas. Not set, it is
 * any (`*`) in development and none in production.
 * @throws ConfigError for what is no origin, and for `*` in production
 */
export const readCorsOrigins = (list: string | undefined, environment: string): string[] => {
  const isProduction = environment === 'production';
  if (list === undefined) return isProduction ? [] : ['*'];
  const origins = list.split(',').map((origin) => origin.trim());
  if (isProduction && origins.includes('*')) {
    throw new ConfigError(['CORS_ORIGINS: name the origins; * is refused in production']);
  }
  if (!origins.every((origin) => origin === '*' || isOrigin(origin))) {
    throw new ConfigError(['CORS_ORIGINS: must be origins such as https://shop.example, or *']);
  }
  return origins;
};
