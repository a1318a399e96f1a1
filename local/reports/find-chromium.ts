import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const NAMES = ['google-chrome', 'google-chrome-stable', 'chromium', 'chromium-browser', 'chrome', 'microsoft-edge'];
const PLACES: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  darwin: ['Google Chrome', 'Chromium', 'Microsoft Edge'].map(
    (name) => `/Applications/${name}.app/Contents/MacOS/${name}`,
  ),
  win32: ['ProgramFiles', 'ProgramFiles(x86)', 'LocalAppData'].flatMap((folder) =>
    ['Google\\Chrome\\Application\\chrome.exe', 'Microsoft\\Edge\\Application\\msedge.exe'].map((name) =>
      join(process.env[folder] ?? '', name),
    ),
  ),
};

/**
 * Path of a Chromium: the one that `LAKETWIN_CHROMIUM` names, one that is installed, or the one that the tests bring.
 * Throws a sentence that says what to install where there is none.
 */
export async function findChromium(): Promise<string> {
  const told = process.env.LAKETWIN_CHROMIUM;
  if (told !== undefined) {
    if (existsSync(told)) return told;
    throw new Error(`LAKETWIN_CHROMIUM is '${told}', and no such file is there: give the path of a Chrome or Chromium`);
  }
  const onPath = (process.env.PATH ?? '').split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name)));
  const installed = [...(PLACES[process.platform] ?? []), ...onPath].find((path) => existsSync(path));
  if (installed !== undefined) return installed;
  const carried = await carriedChromium().catch(() => undefined);
  if (carried !== undefined) return carried;
  throw new Error(
    'report --format pdf is made by Chromium and none was found: install Google Chrome or Chromium, or give its path in LAKETWIN_CHROMIUM; --format html needs none',
  );
}

/** The package of the tests holds one for Linux. It is 66 MB, so whoever installs without tests does not get it. */
async function carriedChromium(): Promise<string | undefined> {
  if (process.platform !== 'linux') return undefined;
  const { default: chromium } = await import('@sparticuz/chromium');
  return chromium.executablePath();
}
