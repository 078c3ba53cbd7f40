import type { Defect } from "./structure.ts";

/** A file damaged all over must not fill the memory or the report. */
const MAX_DEFECTS = 100;

/** Gathers defects in the order they are found, up to a bound; the rest is counted in one last entry. */
export class DefectLog {
  readonly #defects: Defect[] = [];
  #dropped = 0;

  add(defect: Defect): void {
    if (this.#defects.length < MAX_DEFECTS) this.#defects.push(defect);
    else this.#dropped += 1;
  }

  list(): readonly Defect[] {
    if (this.#dropped === 0) return this.#defects;
    const message = `${this.#dropped} more damaged places were found and are not listed.`;
    return [...this.#defects, { kind: "corrupt-frames", message, found: this.#dropped }];
  }
}
