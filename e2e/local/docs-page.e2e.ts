// Not for a remote shop: a shop in production has no account of the demo.
import { eventuallyInShop as eventually } from '@cartograph/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findBrowser, openBrowser, type Browser } from '../testkit/open-browser.ts';

const program = await findBrowser();

const PHONE = { width: 390, height: 844 };

const textOf = (selector: string): string =>
  `document.querySelector(${JSON.stringify(selector)})?.textContent ?? ''`;

// It says so where it can't be tried.
if (program === null) it('/docs was not tried: there is no Chromium', () => undefined);
else {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser(program);
  });
  afterAll(() => browser.close());

  describe('the documentation of /v1', () => {
    it('shows every route on a phone, without an error or a logo of others', async () => {
      await browser.open(`${process.env['E2E_REST_URL']}/docs`, PHONE);
      await eventually(async () => {
        expect(
          await browser.evaluate('document.querySelectorAll(".opblock").length'),
        ).toBeGreaterThan(30);
      });
      expect(await browser.evaluate(textOf('header'))).toContain('Cartograph REST API');
      expect(await browser.evaluate('document.querySelectorAll("img").length')).toBe(0);
      expect(await browser.evaluate('innerWidth')).toBe(PHONE.width);
      expect(await browser.evaluate('document.scrollingElement.scrollWidth')).toBeLessThanOrEqual(
        PHONE.width,
      );
      expect(browser.errors).toEqual([]);
    });

    it('signs in with a click, and sends the token', async () => {
      await eventually(async () => {
        expect(await browser.evaluate(textOf('header button'))).toContain('shopper@example.com');
      });
      await browser.evaluate('document.querySelector("header button").click()');
      await eventually(async () => {
        expect(await browser.evaluate(textOf('header button'))).toBe(
          'Signed in as shopper@example.com',
        );
      });
      const block = '#operations-auth-getMe';
      for (const part of ['.opblock-summary-control', '.try-out__btn', '.execute']) {
        const selector = JSON.stringify(`${block} ${part}`);
        await eventually(async () => {
          expect(await browser.evaluate(`document.querySelector(${selector}) !== null`)).toBe(true);
        });
        await browser.evaluate(`document.querySelector(${selector}).click()`);
      }
      await eventually(async () => {
        expect(await browser.evaluate(textOf(`${block} .live-responses-table`))).toContain(
          'shopper@example.com',
        );
      });
      expect(browser.errors).toEqual([]);
    });
  });
}
