// Opens a page's file in headless Chromium: node browser.mjs FILE [PICTURE]. Says as JSON what it asked for, what its
// console said, what axe-core (WCAG 2.2 AA and best practices) found in light and in dark, and what a reader sees
// with scripts off. Chromium is the npm package's, so that whoever has run `npm ci` has it.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import chromium from "@sparticuz/chromium";
import { chromium as playwright } from "playwright-core";

const [file, picture] = process.argv.slice(2);
const url = pathToFileURL(file).href;
const axe = readFileSync(new URL("../../node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
const browser = await playwright.launch({
  args: ["--no-sandbox", "--disable-gpu"],
  executablePath: await chromium.executablePath(),
  headless: true,
});
const found = { requests: [], console: [], violations: {}, passes: {}, width: {} };

async function opened(options) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  page.on("request", (one) => one.url() !== url && found.requests.push(one.url()));
  page.on("console", (one) => found.console.push(one.text()));
  page.on("pageerror", (one) => found.console.push(String(one)));
  await page.goto(url, { waitUntil: "load" });
  return { context, page };
}

for (const colorScheme of ["light", "dark"]) {
  // What looks at the page is a script of the test's, past the page's own policy, which lets none run.
  const { context, page } = await opened({ colorScheme, bypassCSP: true, viewport: { width: 1200, height: 900 } });
  await page.evaluate(axe);
  const report = await page.evaluate(() => globalThis.axe.run(document));
  found.violations[colorScheme] = report.violations.map((one) => ({
    id: one.id,
    nodes: one.nodes.map((node) => `${node.html.slice(0, 160)}: ${node.failureSummary ?? ""}`).slice(0, 4),
  }));
  found.passes[colorScheme] = report.passes.length;
  if (picture && colorScheme === "light") await page.screenshot({ path: picture });
  await context.close();
}
{
  const { context, page } = await opened({ javaScriptEnabled: false, viewport: { width: 390, height: 800 } });
  found.text = await page.locator("body").innerText();
  found.title = await page.title();
  await context.close();
}
{
  const { context, page } = await opened({ viewport: { width: 390, height: 800 } });
  found.width = await page.evaluate(() => ({ page: document.documentElement.scrollWidth, window: window.innerWidth }));
  await context.close();
}
await browser.close();
console.log(JSON.stringify(found));
