/** Things in an order, of which not all need be in memory: an array, or what was written aside. It can be gone through again and again. */
export interface Sequence<T> extends Iterable<T> {
  readonly length: number;
}

/** A sequence that things can be added to at the end. */
export interface Collection<T> extends Sequence<T> {
  push(item: T): void;
}

/** Tells a sequence from other values of a document. */
export function isSequence(value: unknown): value is Sequence<unknown> {
  return typeof value === "object" && value !== null && Symbol.iterator in value && "length" in value;
}
