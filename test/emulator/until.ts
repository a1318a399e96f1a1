/** Waits until something holds, and throws what was waited for and what was seen where it does not in time. */
export async function until(
  what: string,
  seconds: number,
  holds: () => Promise<boolean>,
  seen: () => Promise<string> = async () => '',
): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`${what}: not within ${seconds} seconds\n${await seen()}`.trimEnd());
    await new Promise((done) => setTimeout(done, 200));
  }
}
