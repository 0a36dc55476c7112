/** Waits for a promise at most so many seconds (with no number, for ever); undefined when they have passed. */
export async function within<T>(promise: Promise<T>, seconds?: number): Promise<T | undefined> {
  if (seconds === undefined) return await promise;
  const { promise: late, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(resolve, seconds * 1000);
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
