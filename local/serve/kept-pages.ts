import type { LakeState } from '../../pages/lake-state.ts';

/** Pages that are kept of one state of the lake; each is some 150 KB. */
const MOST_PAGES = 100;

const PAGES = new WeakMap<LakeState, Map<string, string>>();

/** Makes a page once for each state of the lake, unless something on it failed. */
export async function keptPage(
  snapshot: LakeState,
  key: string,
  make: () => Promise<{ readonly text: string; readonly hasFailed: boolean }>,
): Promise<string> {
  const pages = PAGES.get(snapshot) ?? new Map<string, string>();
  PAGES.set(snapshot, pages);
  const known = pages.get(key);
  if (known !== undefined) return known;
  const { text, hasFailed } = await make();
  const [oldest] = pages.keys();
  if (pages.size >= MOST_PAGES && oldest !== undefined) pages.delete(oldest);
  if (!hasFailed) pages.set(key, text);
  return text;
}
