/** Returns what a promise rejects with; a promise that is kept fails the test. */
export async function thrownBy(promise: Promise<unknown>): Promise<unknown> {
  const kept = Symbol("kept");
  const outcome = await promise.then(
    () => kept,
    (error: unknown) => error,
  );
  if (outcome === kept) throw new Error("nothing was thrown");
  return outcome;
}
