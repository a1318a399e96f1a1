import { writeFile } from 'node:fs/promises';
import { chromium } from 'playwright-core';
import { findChromium } from './find-chromium.ts';

/** Chromium runs apart, but may not have the rights to build its sandbox; what is printed holds no script. */
const FLAGS = ['--no-sandbox', '--no-zygote', '--disable-gpu', '--host-resolver-rules=MAP * ~NOTFOUND'];

/** Prints a page as a tagged PDF with its headings as bookmarks. Margins and page numbers are those of its style. */
export async function printPdf(page: string, out: string): Promise<void> {
  const browser = await chromium.launch({ executablePath: await findChromium(), args: FLAGS });
  try {
    const context = await browser.newContext({ javaScriptEnabled: false, offline: true });
    const sheet = await context.newPage();
    await sheet.setContent(page);
    await writeFile(
      out,
      await sheet.pdf({ preferCSSPageSize: true, printBackground: true, tagged: true, outline: true }),
    );
  } finally {
    await browser.close();
  }
}
