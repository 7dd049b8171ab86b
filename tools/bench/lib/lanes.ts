/** Does work number 0 to `count` - 1, at most one piece per lane at a time, and returns the results by number. */
export async function inLanes<T>(
  { count, lanes, signal }: { count: number; lanes: number; signal: AbortSignal },
  work: (number: number, lane: number) => Promise<T>,
): Promise<T[]> {
  const results: T[] = [];
  let next = 0;
  const run = async (lane: number) => {
    while (next < count) {
      signal.throwIfAborted();
      const number = next++;
      results[number] = await work(number, lane);
    }
  };
  await Promise.all(Array.from({ length: lanes }, (_, lane) => run(lane)));
  return results;
}
