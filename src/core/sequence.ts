/** Things in an order, of which not all need be in memory: an array, or what was written aside. It can be gone through again and again. */
export interface Sequence<T> extends Iterable<T> {
  readonly length: number;
}
