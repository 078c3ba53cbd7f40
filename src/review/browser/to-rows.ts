import type { Columns } from "../page-data.ts";

/** Turns columns back into rows. */
export function toRows<T>(columns: Columns<T>): readonly T[] {
  const fields = Object.entries(columns) as [string, readonly unknown[]][];
  const length = fields[0]?.[1].length ?? 0;
  return Array.from(
    { length },
    (_, index) => Object.fromEntries(fields.map(([field, values]) => [field, values[index]])) as T,
  );
}
