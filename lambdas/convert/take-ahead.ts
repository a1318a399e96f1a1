/**
 * Runs ahead of its consumer by at most `waiting` items. What was made and never taken goes to `drop`.
 */
export async function* takeAhead<T>(
  source: AsyncGenerator<T>,
  waiting: number,
  drop: (item: T) => void,
): AsyncGenerator<T> {
  const queue: Promise<IteratorResult<T>>[] = [];
  const ask = () => {
    const next = source.next();
    next.catch(() => {}); // whoever takes it hears of the error; until then it is not unhandled
    queue.push(next);
  };
  for (let i = 0; i < waiting; i++) ask();
  try {
    for (;;) {
      const taken = await queue.shift();
      if (taken === undefined || taken.done === true) return;
      ask();
      yield taken.value;
    }
  } finally {
    const closing = source.return(undefined);
    for (const left of await Promise.allSettled(queue)) {
      if (left.status === 'fulfilled' && left.value.done !== true) drop(left.value.value);
    }
    await closing;
  }
}
