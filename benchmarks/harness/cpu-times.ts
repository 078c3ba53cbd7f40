/**
 * Reads what the shell's `times` printed (POSIX.1-2017, XCU 2.14 "times"): its own user and system time, and in
 * the second line those of its children that have ended.
 *
 * @returns the children's user and system time together, in seconds.
 */
export function parseChildrenCpuSeconds(text: string): number {
  const figures = [...(text.split("\n")[1] ?? "").matchAll(/(\d+)m(\d+(?:[.,]\d+)?)s/g)];
  if (figures.length !== 2) throw new Error(`internal error: not what times prints: ${JSON.stringify(text)}`);
  return figures.reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + toNumber(seconds), 0);
}

function toNumber(seconds = ""): number {
  return Number(seconds.replace(",", "."));
}
