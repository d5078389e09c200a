import type { FastifySwaggerUiOptions } from '@fastify/swagger-ui';

/** The mark of the shop: in the tab of the browser, and in place of the maker's logo. */
const LOGO =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="6" ' +
  'fill="#14532d"/><path d="M22 11a8 8 0 1 0 0 10" fill="none" stroke="#fff" stroke-width="3"/></svg>';

const SVG = 'image/svg+xml';

/** The account of customers that `npm start` makes. */
const SHOPPER = { email: 'shopper@example.com', password: 'cartograph-shopper' };

/** The bar above the documentation, and what is too wide for a phone. */
const STYLE = `
body { margin: 0 }
.bar { background: #14532d; color: #fff; display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: center;
  padding: .75rem 1rem; font: 1rem/1.4 system-ui, sans-serif }
.bar a { color: inherit; font-weight: 600; text-decoration: none }
.bar button { font: inherit; min-height: 2.75rem; padding: 0 1rem; border: 0; border-radius: .25rem; cursor: pointer }
@media (max-width: 640px) {
  .swagger-ui .wrapper { padding: 0 .75rem }
  .swagger-ui .scheme-container { padding: 1rem 0 }
  .swagger-ui .schemes-server-container { min-width: 0; max-width: 100%; overflow-x: hidden }
  .swagger-ui .servers label select { box-sizing: border-box; width: 100%; min-width: 0; max-width: 100% }
  .swagger-ui .opblock .opblock-summary { flex-wrap: wrap }
  .swagger-ui .opblock .opblock-summary-path { max-width: 100%; word-break: break-word }
  .swagger-ui .opblock .opblock-summary-description { word-break: break-word }
  .swagger-ui table, .swagger-ui .model-box, .swagger-ui .opblock-body { display: block; max-width: 100%; overflow-x: auto }
  .swagger-ui .dialog-ux .modal-ux { width: 95vw; min-width: 0 }
}
`;

/**
 * Adds the bar, with a button that signs in and fills in the access token if there is an account for it.
 * It runs in the browser, before Swagger UI is made.
 */
const makeScript = (account: typeof SHOPPER | null): string => `
(() => {
  const account = ${JSON.stringify(account)};
  const viewport = document.createElement('meta');
  viewport.name = 'viewport';
  viewport.content = 'width=device-width, initial-scale=1';
  document.head.append(viewport);

  const bar = document.createElement('header');
  bar.className = 'bar';
  const name = document.createElement('a');
  name.href = '/docs';
  name.textContent = 'Cartograph REST API';
  bar.append(name);
  document.body.prepend(bar);

  const signIn = async (ui, button) => {
    button.disabled = true;
    try {
      const response = await fetch('/v1/auth/login', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(account),
      });
      const body = await response.json();
      if (!response.ok) throw new Error(body.detail);
      ui.preauthorizeApiKey('bearer', body.access_token);
      button.textContent = 'Signed in as ' + account.email;
    } catch (error) {
      button.textContent = 'Not signed in: ' + error.message;
      button.disabled = false;
    }
  };

  const addButton = (ui) => {
    if (!account || bar.querySelector('button')) return;
    const button = document.createElement('button');
    button.textContent = 'Sign in as ' + account.email;
    button.addEventListener('click', () => signIn(ui, button));
    bar.append(button);
  };

  const make = window.SwaggerUIBundle;
  const makeWithButton = (config) => {
    const ui = make({ ...config, onComplete: () => addButton(ui) });
    return ui;
  };
  window.SwaggerUIBundle = Object.assign(makeWithButton, make);
})();
`;

/**
 * How the documentation looks: with the name of the shop, and without anything from elsewhere.
 * @param isDevelopment adds a button that signs in with the account of the demo
 */
export const docsPage = (isDevelopment: boolean): FastifySwaggerUiOptions => ({
  routePrefix: '/docs',
  logo: { type: SVG, content: LOGO },
  // Without Swagger's bar, whose logo and search field are not this shop's.
  uiConfig: { layout: 'BaseLayout' },
  theme: {
    title: 'Cartograph REST API',
    favicon: [{ filename: 'logo.svg', rel: 'icon', type: SVG, sizes: 'any', content: LOGO }],
    css: [{ filename: 'theme.css', content: STYLE }],
    js: [{ filename: 'theme.js', content: makeScript(isDevelopment ? SHOPPER : null) }],
  },
  staticCSP: true,
  // A local shop has no https.
  transformStaticCSP: (header) => header.replace('upgrade-insecure-requests;', ''),
});
